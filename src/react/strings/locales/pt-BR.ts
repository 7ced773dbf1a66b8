import { listIn, numberIn, pluralIn, type PluralForms } from '../forms.ts';
import type { ChatStrings } from '../types.ts';

const number = (value: number): string => numberIn('pt-BR', value);
const plural = (count: number, forms: PluralForms): string => pluralIn('pt-BR', count, forms);

export const BRAZILIAN_PORTUGUESE: ChatStrings = {
  windowLabel: 'Chat',
  threadsHeading: 'Conversas',
  threadsEmpty: 'Nenhuma conversa ainda',
  threadsEmptyHint: 'Elas aparecem aqui assim que alguém escrever para você.',
  threadsLoading: 'Carregando conversas',
  threadUntitled: 'Conversa',
  noThreadChosen: 'Escolha uma conversa',
  backToThreads: 'Voltar para as conversas',
  preview: (author, text) => `${author}: ${text}`,
  you: 'Você',
  accessOpen: 'Aberta a todos aqui',
  accessMembers: 'Somente membros',

  messagesLabel: (title) => (title === null ? 'Mensagens' : `Mensagens em ${title}`),
  messagesLoading: 'Carregando mensagens',
  messagesEmpty: 'Nenhuma mensagem ainda',
  messagesEmptyHint: 'Escreva a primeira.',
  loadingOlder: 'Carregando mensagens anteriores',
  loadingNewer: 'Carregando mensagens posteriores',
  messageLoading: 'Procurando a mensagem',
  messageUnavailable: 'Não é possível mostrar esta mensagem',
  messageShown: (author, time) => `Mensagem de ${author}, ${time}, exibida`,
  today: 'Hoje',
  yesterday: 'Ontem',
  messageLabel: (author, time) => `${author}, ${time}`,
  newMessages: (count, format = number) =>
    `${format(count)} ${plural(count, { one: 'mensagem nova', other: 'mensagens novas' })}`,
  toLatest: 'Ir para as mensagens mais recentes',

  copyCode: 'Copiar código',
  codeCopied: 'Copiado',
  codeLabel: (language) => (language === '' ? 'Código' : `Código em ${language}`),
  tableLabel: 'Tabela',

  sending: 'Enviando…',
  sent: 'Enviada',
  failed: 'Não enviada',
  retry: 'Tentar de novo',
  discard: 'Descartar',

  messageDeleted: 'Esta mensagem foi apagada',
  edited: 'Editada',
  editedAt: (moment) => `Editada: ${moment}`,
  saving: 'Salvando…',
  deleting: 'Apagando…',
  notSaved: 'Alteração não salva',
  notDeleted: 'Não apagada',
  messageActions: 'Ações da mensagem',
  moreActions: 'Mais ações',
  copyText: 'Copiar texto',
  copied: 'Copiado',
  copyFailed: 'Não foi possível copiar',
  edit: 'Editar',
  editAgain: 'Editar de novo',
  delete: 'Apagar',
  deleteQuestion: 'Apagar esta mensagem?',
  deleteHint: 'Ela some para todos e não pode ser recuperada.',
  cancel: 'Cancelar',
  editLabel: 'Editar mensagem',
  save: 'Salvar',
  editHint: 'Enter salva, Esc cancela',

  react: 'Reagir',
  reactionLabel: (emoji, names) => `${emoji} ${names}`,
  reactionNames: (names, mine, unnamed, format = number) =>
    listIn('pt-BR', [
      ...names,
      ...(mine ? ['você'] : []),
      ...(unnamed > 0
        ? [
            names.length > 0 || mine
              ? `mais ${format(unnamed)}`
              : `${format(unnamed)} ${plural(unnamed, { one: 'pessoa', other: 'pessoas' })}`,
          ]
        : []),
    ]),
  reactionSearch: 'Buscar emoji',
  reactionsQuick: 'Mais usados',
  reactionsNone: 'Nenhum emoji encontrado',
  reactionGroups: {
    smileys: 'Carinhas',
    gestures: 'Pessoas',
    hearts: 'Corações',
    nature: 'Natureza',
    food: 'Comidas e bebidas',
    activities: 'Atividades',
    objects: 'Objetos',
    symbols: 'Símbolos',
  },

  openPicture: (filename) => `${filename}, abrir em tamanho real`,
  downloadFile: (filename, size) => `Baixar ${filename}, ${size}`,
  fileUnavailable: 'Não foi possível carregar este arquivo.',

  composerLabel: (title) => (title === null ? 'Mensagem' : `Mensagem para ${title}`),
  composerPlaceholder: (title) => (title === null ? 'Escreva uma mensagem' : `Escreva para ${title}`),
  send: 'Enviar',
  characterCount: (length, max, format = number) => `${format(length)} de ${format(max)} caracteres`,
  tooLong: (excess, format = number) =>
    `${format(excess)} ${plural(excess, { one: 'caractere', other: 'caracteres' })} além do limite. Encurte a mensagem ou envie em duas partes.`,
  writeSignedOut: 'Entre para escrever.',
  writeRefused: 'Você não pode escrever aqui.',
  writeReadonly: 'Aqui você pode ler, mas não escrever.',
  filesLabel: 'Arquivos para enviar',
  attachFiles: 'Anexar arquivos',
  attachLimit: (size) => `Até ${size} por arquivo`,
  dropFiles: 'Solte arquivos para anexá-los',
  fileProgress: (filename) => `Enviando ${filename}`,
  fileWaiting: 'Aguardando…',
  filePaused: 'Em pausa enquanto você está offline',
  fileChecking: 'Verificando…',
  fileDone: (filename) => `${filename} foi carregado`,
  fileFailed: (filename, why) => `${filename} não foi carregado. ${why}`,
  fileRetry: (filename) => `Tentar carregar ${filename} de novo`,
  fileRemove: (filename) => `Remover ${filename}`,
  fileTooLarge: (limit) => (limit === null ? 'Grande demais' : `Grande demais: no máximo ${limit}`),
  fileTypeRefused: 'Arquivos deste tipo não são aceitos',
  fileRefused: (why) => `Não aceito: ${why}`,
  filesTooMany: (max, format = number) => `No máximo ${format(max)} arquivos por mensagem`,
  sendWaits: 'Será enviada assim que os arquivos forem carregados.',
  sendNeedsFiles: 'Um arquivo não foi carregado. Tente de novo ou remova-o.',

  openChat: 'Abrir chat',
  closeChat: 'Fechar chat',
  unread: (count, format = number) =>
    `${format(count)} ${plural(count, { one: 'mensagem não lida', other: 'mensagens não lidas' })}`,
  suggestionsLabel: 'Sugestões',

  connecting: 'Conectando…',
  reconnecting: 'Reconectando…',
  reconnectingIn: (seconds, format = number) => `Nova tentativa em ${format(seconds)} s`,
  offline: 'Sem conexão. As mensagens serão enviadas quando você voltar.',
  signedOut: { what: 'Você saiu da sua conta.', remedy: 'Entre para continuar.' },
  connectionClosed: 'O chat não está conectado.',
  retryNow: 'Tentar de novo',

  errors: {
    unauthenticated: { what: 'Você não entrou na sua conta.', remedy: 'Entre de novo para continuar.' },
    forbidden: {
      what: 'Você não tem acesso a este chat.',
      remedy: 'Peça acesso a quem administra o aplicativo.',
    },
    signed_out: { what: 'Você saiu da sua conta.', remedy: 'Entre para continuar.' },
    thread_forbidden: {
      what: 'Você não pode ler esta conversa.',
      remedy: 'Peça a um membro da conversa para adicionar você.',
    },
    thread_not_found: {
      what: 'Esta conversa não existe.',
      remedy: 'Ela pode ter sido removida, ou o endereço está errado.',
    },
    message_too_long: { what: 'A mensagem é longa demais.', remedy: 'Encurte-a ou envie em duas partes.' },
    message_empty: { what: 'A mensagem está vazia.', remedy: 'Escreva algo primeiro.' },
    rate_limited: { what: 'Mensagens demais de uma vez.', remedy: 'Espere um pouco e tente de novo.' },
    connection_lost: { what: 'A conexão caiu.', remedy: 'Ela está sendo restabelecida.' },
    request_timeout: { what: 'O servidor não respondeu a tempo.', remedy: 'Uma nova tentativa está em curso.' },
  },
  errorFallback: 'Algo deu errado.',
};
