import { listIn, numberIn, pluralIn, type PluralForms } from '../forms.ts';
import type { ChatStrings } from '../types.ts';

const number = (value: number): string => numberIn('es', value);
const plural = (count: number, forms: PluralForms): string => pluralIn('es', count, forms);

export const SPANISH: ChatStrings = {
  windowLabel: 'Chat',
  threadsHeading: 'Conversaciones',
  threadsEmpty: 'Todavía no hay conversaciones',
  threadsEmptyHint: 'Aparecerán aquí en cuanto alguien te escriba.',
  threadsLoading: 'Cargando conversaciones',
  threadUntitled: 'Conversación',
  noThreadChosen: 'Elige una conversación',
  backToThreads: 'Volver a las conversaciones',
  preview: (author, text) => `${author}: ${text}`,
  you: 'Tú',
  accessOpen: 'Abierta a todos aquí',
  accessMembers: 'Solo miembros',

  messagesLabel: (title) => (title === null ? 'Mensajes' : `Mensajes en ${title}`),
  messagesLoading: 'Cargando mensajes',
  messagesEmpty: 'Todavía no hay mensajes',
  messagesEmptyHint: 'Escribe el primero.',
  loadingOlder: 'Cargando mensajes anteriores',
  loadingNewer: 'Cargando mensajes posteriores',
  messageLoading: 'Buscando el mensaje',
  messageUnavailable: 'Este mensaje no se puede mostrar',
  messageShown: (author, time) => `Mensaje de ${author}, ${time}, mostrado`,
  today: 'Hoy',
  yesterday: 'Ayer',
  messageLabel: (author, time) => `${author}, ${time}`,
  newMessages: (count, format = number) =>
    `${format(count)} ${plural(count, { one: 'mensaje nuevo', other: 'mensajes nuevos' })}`,
  toLatest: 'Ir a los últimos mensajes',

  copyCode: 'Copiar código',
  codeCopied: 'Copiado',
  codeLabel: (language) => (language === '' ? 'Código' : `Código en ${language}`),
  tableLabel: 'Tabla',

  sending: 'Enviando…',
  sent: 'Enviado',
  failed: 'No enviado',
  retry: 'Reintentar',
  discard: 'Descartar',

  messageDeleted: 'Este mensaje se eliminó',
  edited: 'Editado',
  editedAt: (moment) => `Editado: ${moment}`,
  saving: 'Guardando…',
  deleting: 'Eliminando…',
  notSaved: 'Cambio no guardado',
  notDeleted: 'No eliminado',
  messageActions: 'Acciones del mensaje',
  moreActions: 'Más acciones',
  copyText: 'Copiar texto',
  copied: 'Copiado',
  copyFailed: 'No se pudo copiar',
  edit: 'Editar',
  editAgain: 'Editar de nuevo',
  delete: 'Eliminar',
  deleteQuestion: '¿Eliminar este mensaje?',
  deleteHint: 'Desaparecerá para todos y no se podrá recuperar.',
  cancel: 'Cancelar',
  editLabel: 'Editar mensaje',
  save: 'Guardar',
  editHint: 'Intro guarda, Escape cancela',

  react: 'Reaccionar',
  reactionLabel: (emoji, names) => `${emoji} ${names}`,
  reactionNames: (names, mine, unnamed, format = number) =>
    listIn('es', [
      ...names,
      ...(mine ? ['tú'] : []),
      ...(unnamed > 0
        ? [
            names.length > 0 || mine
              ? `${format(unnamed)} más`
              : `${format(unnamed)} ${plural(unnamed, { one: 'persona', other: 'personas' })}`,
          ]
        : []),
    ]),
  reactionSearch: 'Buscar emoji',
  reactionsQuick: 'Más usados',
  reactionsNone: 'No se encontró ningún emoji',
  reactionGroups: {
    smileys: 'Caritas',
    gestures: 'Personas',
    hearts: 'Corazones',
    nature: 'Naturaleza',
    food: 'Comida y bebida',
    activities: 'Actividades',
    objects: 'Objetos',
    symbols: 'Símbolos',
  },

  openPicture: (filename) => `${filename}, abrir en tamaño completo`,
  downloadFile: (filename, size) => `Descargar ${filename}, ${size}`,
  fileUnavailable: 'No se pudo cargar este archivo.',

  composerLabel: (title) => (title === null ? 'Mensaje' : `Mensaje para ${title}`),
  composerPlaceholder: (title) => (title === null ? 'Escribe un mensaje' : `Escribe a ${title}`),
  send: 'Enviar',
  characterCount: (length, max, format = number) => `${format(length)} de ${format(max)} caracteres`,
  tooLong: (excess, format = number) =>
    `Sobran ${format(excess)} ${plural(excess, { one: 'carácter', other: 'caracteres' })}. Acórtalo o envíalo en dos partes.`,
  writeSignedOut: 'Inicia sesión para escribir.',
  writeRefused: 'No puedes escribir aquí.',
  writeReadonly: 'Aquí puedes leer, pero no escribir.',
  filesLabel: 'Archivos para enviar',
  attachFiles: 'Adjuntar archivos',
  attachLimit: (size) => `Hasta ${size} por archivo`,
  dropFiles: 'Suelta archivos para adjuntarlos',
  fileProgress: (filename) => `Subiendo ${filename}`,
  fileWaiting: 'En espera…',
  filePaused: 'En pausa mientras no hay conexión',
  fileChecking: 'Comprobando…',
  fileDone: (filename) => `${filename} se ha subido`,
  fileFailed: (filename, why) => `${filename} no se ha subido. ${why}`,
  fileRetry: (filename) => `Volver a subir ${filename}`,
  fileRemove: (filename) => `Quitar ${filename}`,
  fileTooLarge: (limit) => (limit === null ? 'Demasiado grande' : `Demasiado grande: ${limit} como máximo`),
  fileTypeRefused: 'No se aceptan archivos de este tipo',
  fileRefused: (why) => `No se acepta: ${why}`,
  filesTooMany: (max, format = number) => `Como máximo ${format(max)} archivos por mensaje`,
  sendWaits: 'Se enviará en cuanto se suban sus archivos.',
  sendNeedsFiles: 'Un archivo no se ha subido. Inténtalo de nuevo o quítalo.',

  openChat: 'Abrir chat',
  closeChat: 'Cerrar chat',
  unread: (count, format = number) =>
    `${format(count)} ${plural(count, { one: 'mensaje sin leer', other: 'mensajes sin leer' })}`,
  suggestionsLabel: 'Sugerencias',

  connecting: 'Conectando…',
  reconnecting: 'Reconectando…',
  reconnectingIn: (seconds, format = number) => `Nuevo intento en ${format(seconds)} s`,
  offline: 'Sin conexión. Los mensajes se enviarán cuando vuelvas.',
  signedOut: { what: 'Has cerrado sesión.', remedy: 'Inicia sesión para continuar.' },
  connectionClosed: 'El chat no está conectado.',
  retryNow: 'Reintentar',

  errors: {
    unauthenticated: { what: 'No has iniciado sesión.', remedy: 'Inicia sesión de nuevo para continuar.' },
    forbidden: { what: 'No tienes acceso a este chat.', remedy: 'Pide acceso al responsable de la aplicación.' },
    signed_out: { what: 'Has cerrado sesión.', remedy: 'Inicia sesión para continuar.' },
    thread_forbidden: {
      what: 'No puedes leer esta conversación.',
      remedy: 'Pide a un miembro de la conversación que te añada.',
    },
    thread_not_found: {
      what: 'Esta conversación no existe.',
      remedy: 'Puede que se haya eliminado o que la dirección sea incorrecta.',
    },
    message_too_long: { what: 'El mensaje es demasiado largo.', remedy: 'Acórtalo o envíalo en dos partes.' },
    message_empty: { what: 'El mensaje está vacío.', remedy: 'Escribe algo primero.' },
    rate_limited: { what: 'Demasiados mensajes a la vez.', remedy: 'Espera un momento y vuelve a intentarlo.' },
    connection_lost: { what: 'Se perdió la conexión.', remedy: 'Se está restableciendo.' },
    request_timeout: { what: 'El servidor no respondió a tiempo.', remedy: 'Se está intentando de nuevo.' },
  },
  errorFallback: 'Algo salió mal.',
};
