import { listIn, numberIn, pluralIn, type PluralForms } from '../forms.ts';
import type { ChatStrings } from '../types.ts';

const number = (value: number): string => numberIn('fr', value);
const plural = (count: number, forms: PluralForms): string => pluralIn('fr', count, forms);

export const FRENCH: ChatStrings = {
  windowLabel: 'Messagerie',
  threadsHeading: 'Conversations',
  threadsEmpty: 'Aucune conversation pour l’instant',
  threadsEmptyHint: 'Elles apparaîtront ici dès que quelqu’un vous écrira.',
  threadsLoading: 'Chargement des conversations',
  threadUntitled: 'Conversation',
  noThreadChosen: 'Choisissez une conversation',
  backToThreads: 'Retour aux conversations',
  preview: (author, text) => `${author} : ${text}`,
  you: 'Vous',
  accessOpen: 'Ouverte à tous ici',
  accessMembers: 'Réservée aux membres',

  messagesLabel: (title) => (title === null ? 'Messages' : `Messages dans ${title}`),
  messagesLoading: 'Chargement des messages',
  messagesEmpty: 'Aucun message pour l’instant',
  messagesEmptyHint: 'Écrivez le premier.',
  loadingOlder: 'Chargement des messages précédents',
  loadingNewer: 'Chargement des messages suivants',
  messageLoading: 'Recherche du message',
  messageUnavailable: 'Ce message ne peut pas être affiché',
  messageShown: (author, time) => `Message de ${author}, ${time}, affiché`,
  today: 'Aujourd’hui',
  yesterday: 'Hier',
  messageLabel: (author, time) => `${author}, ${time}`,
  newMessages: (count, format = number) =>
    `${format(count)} ${plural(count, { one: 'nouveau message', other: 'nouveaux messages' })}`,
  toLatest: 'Aller aux derniers messages',

  copyCode: 'Copier le code',
  codeCopied: 'Copié',
  codeLabel: (language) => (language === '' ? 'Code' : `Code en ${language}`),
  tableLabel: 'Tableau',

  sending: 'Envoi…',
  sent: 'Envoyé',
  failed: 'Non envoyé',
  retry: 'Réessayer',
  discard: 'Abandonner',

  messageDeleted: 'Ce message a été supprimé',
  edited: 'Modifié',
  editedAt: (moment) => `Modifié : ${moment}`,
  saving: 'Enregistrement…',
  deleting: 'Suppression…',
  notSaved: 'Modification non enregistrée',
  notDeleted: 'Non supprimé',
  messageActions: 'Actions du message',
  moreActions: 'Plus d’actions',
  copyText: 'Copier le texte',
  copied: 'Copié',
  copyFailed: 'Copie impossible',
  edit: 'Modifier',
  editAgain: 'Modifier à nouveau',
  delete: 'Supprimer',
  deleteQuestion: 'Supprimer ce message ?',
  deleteHint: 'Il disparaît pour tout le monde et ne peut pas être récupéré.',
  cancel: 'Annuler',
  editLabel: 'Modifier le message',
  save: 'Enregistrer',
  editHint: 'Entrée pour enregistrer, Échap pour annuler',

  react: 'Réagir',
  reactionLabel: (emoji, names) => `${emoji} ${names}`,
  reactionNames: (names, mine, unnamed, format = number) =>
    listIn('fr', [
      ...names,
      ...(mine ? ['vous'] : []),
      ...(unnamed > 0
        ? [
            names.length > 0 || mine
              ? `${format(unnamed)} ${plural(unnamed, { one: 'autre', other: 'autres' })}`
              : `${format(unnamed)} ${plural(unnamed, { one: 'personne', other: 'personnes' })}`,
          ]
        : []),
    ]),
  reactionSearch: 'Rechercher un emoji',
  reactionsQuick: 'Souvent utilisés',
  reactionsNone: 'Aucun emoji trouvé',
  reactionGroups: {
    smileys: 'Visages',
    gestures: 'Personnes',
    hearts: 'Cœurs',
    nature: 'Nature',
    food: 'Nourriture et boissons',
    activities: 'Activités',
    objects: 'Objets',
    symbols: 'Symboles',
  },

  openPicture: (filename) => `${filename}, ouvrir en taille réelle`,
  downloadFile: (filename, size) => `Télécharger ${filename}, ${size}`,
  fileUnavailable: 'Ce fichier n’a pas pu être chargé.',

  composerLabel: (title) => (title === null ? 'Message' : `Message à ${title}`),
  composerPlaceholder: (title) => (title === null ? 'Écrivez un message' : `Écrire à ${title}`),
  send: 'Envoyer',
  characterCount: (length, max, format = number) => `${format(length)} caractères sur ${format(max)}`,
  tooLong: (excess, format = number) =>
    `Trop long de ${format(excess)} ${plural(excess, { one: 'caractère', other: 'caractères' })}. Raccourcissez-le ou envoyez-le en deux fois.`,
  writeSignedOut: 'Connectez-vous pour écrire.',
  writeRefused: 'Vous ne pouvez pas écrire ici.',
  writeReadonly: 'Vous pouvez lire ici, mais pas écrire.',
  filesLabel: 'Fichiers à envoyer',
  attachFiles: 'Joindre des fichiers',
  attachLimit: (size) => `${size} maximum par fichier`,
  dropFiles: 'Déposez des fichiers pour les joindre',
  fileProgress: (filename) => `Envoi de ${filename}`,
  fileWaiting: 'En attente…',
  filePaused: 'En pause : vous êtes hors ligne',
  fileChecking: 'Vérification…',
  fileDone: (filename) => `${filename} est prêt`,
  fileFailed: (filename, why) => `${filename} n’a pas pu être ajouté. ${why}`,
  fileRetry: (filename) => `Réessayer d’ajouter ${filename}`,
  fileRemove: (filename) => `Retirer ${filename}`,
  fileTooLarge: (limit) => (limit === null ? 'Trop volumineux' : `Trop volumineux : ${limit} maximum`),
  fileTypeRefused: 'Ce type de fichier n’est pas accepté',
  fileRefused: (why) => `Refusé : ${why}`,
  filesTooMany: (max, format = number) => `${format(max)} fichiers maximum par message`,
  sendWaits: 'Partira dès que ses fichiers seront prêts.',
  sendNeedsFiles: 'Un fichier n’a pas pu être ajouté. Réessayez ou retirez-le.',

  openChat: 'Ouvrir la messagerie',
  closeChat: 'Fermer la messagerie',
  unread: (count, format = number) =>
    `${format(count)} ${plural(count, { one: 'message non lu', other: 'messages non lus' })}`,
  suggestionsLabel: 'Propositions',

  connecting: 'Connexion…',
  reconnecting: 'Reconnexion…',
  reconnectingIn: (seconds, format = number) => `Nouvel essai dans ${format(seconds)} s`,
  offline: 'Hors ligne. Les messages partiront à votre retour.',
  signedOut: { what: 'Vous êtes déconnecté.', remedy: 'Connectez-vous pour continuer.' },
  connectionClosed: 'La messagerie n’est pas connectée.',
  retryNow: 'Réessayer',

  errors: {
    unauthenticated: { what: 'Vous n’êtes pas connecté.', remedy: 'Reconnectez-vous pour continuer.' },
    forbidden: {
      what: 'Vous n’avez pas accès à cette messagerie.',
      remedy: 'Demandez l’accès au responsable de l’application.',
    },
    signed_out: { what: 'Vous êtes déconnecté.', remedy: 'Connectez-vous pour continuer.' },
    thread_forbidden: {
      what: 'Vous ne pouvez pas lire cette conversation.',
      remedy: 'Demandez à un de ses membres de vous ajouter.',
    },
    thread_not_found: {
      what: 'Cette conversation n’existe pas.',
      remedy: 'Elle a peut-être été supprimée, ou son adresse est erronée.',
    },
    message_too_long: {
      what: 'Le message est trop long.',
      remedy: 'Raccourcissez-le ou envoyez-le en deux fois.',
    },
    message_empty: { what: 'Le message est vide.', remedy: 'Écrivez d’abord quelque chose.' },
    rate_limited: { what: 'Trop de messages à la fois.', remedy: 'Patientez un instant, puis réessayez.' },
    connection_lost: { what: 'La connexion a été perdue.', remedy: 'Elle est en cours de rétablissement.' },
    request_timeout: { what: 'Le serveur n’a pas répondu à temps.', remedy: 'Un nouvel essai est en cours.' },
  },
  errorFallback: 'Une erreur s’est produite.',
};
