import { listIn, numberIn, pluralIn, type PluralForms } from '../forms.ts';
import type { ChatStrings } from '../types.ts';

const number = (value: number): string => numberIn('de', value);
const plural = (count: number, forms: PluralForms): string => pluralIn('de', count, forms);

export const GERMAN: ChatStrings = {
  windowLabel: 'Chat',
  threadsHeading: 'Unterhaltungen',
  threadsEmpty: 'Noch keine Unterhaltungen',
  threadsEmptyHint: 'Sie erscheinen hier, sobald dir jemand schreibt.',
  threadsLoading: 'Unterhaltungen werden geladen',
  threadUntitled: 'Unterhaltung',
  noThreadChosen: 'Wähle eine Unterhaltung',
  backToThreads: 'Zurück zu den Unterhaltungen',
  preview: (author, text) => `${author}: ${text}`,
  you: 'Du',
  accessOpen: 'Offen für alle hier',
  accessMembers: 'Nur für Mitglieder',

  messagesLabel: (title) => (title === null ? 'Nachrichten' : `Nachrichten in ${title}`),
  messagesLoading: 'Nachrichten werden geladen',
  messagesEmpty: 'Noch keine Nachrichten',
  messagesEmptyHint: 'Schreib die erste.',
  loadingOlder: 'Ältere Nachrichten werden geladen',
  loadingNewer: 'Spätere Nachrichten werden geladen',
  messageLoading: 'Die Nachricht wird gesucht',
  messageUnavailable: 'Diese Nachricht kann nicht angezeigt werden',
  messageShown: (author, time) => `Zur Nachricht von ${author}, ${time}, gesprungen`,
  today: 'Heute',
  yesterday: 'Gestern',
  messageLabel: (author, time) => `${author}, ${time}`,
  newMessages: (count, format = number) =>
    `${format(count)} ${plural(count, { one: 'neue Nachricht', other: 'neue Nachrichten' })}`,
  toLatest: 'Zu den neuesten Nachrichten',

  copyCode: 'Code kopieren',
  codeCopied: 'Kopiert',
  codeLabel: (language) => (language === '' ? 'Code' : `Code in ${language}`),
  tableLabel: 'Tabelle',

  sending: 'Wird gesendet …',
  sent: 'Gesendet',
  failed: 'Nicht gesendet',
  retry: 'Erneut senden',
  discard: 'Verwerfen',

  messageDeleted: 'Diese Nachricht wurde gelöscht',
  edited: 'Bearbeitet',
  editedAt: (moment) => `Bearbeitet: ${moment}`,
  saving: 'Wird gespeichert …',
  deleting: 'Wird gelöscht …',
  notSaved: 'Änderung nicht gespeichert',
  notDeleted: 'Nicht gelöscht',
  messageActions: 'Aktionen für die Nachricht',
  moreActions: 'Weitere Aktionen',
  copyText: 'Text kopieren',
  copied: 'Kopiert',
  copyFailed: 'Kopieren nicht möglich',
  edit: 'Bearbeiten',
  editAgain: 'Erneut bearbeiten',
  delete: 'Löschen',
  deleteQuestion: 'Diese Nachricht löschen?',
  deleteHint: 'Sie verschwindet für alle und lässt sich nicht wiederherstellen.',
  cancel: 'Abbrechen',
  editLabel: 'Nachricht bearbeiten',
  save: 'Speichern',
  editHint: 'Enter speichert, Escape bricht ab',

  react: 'Reagieren',
  reactionLabel: (emoji, names) => `${emoji} ${names}`,
  reactionNames: (names, mine, unnamed, format = number) =>
    listIn('de', [
      ...names,
      ...(mine ? ['du'] : []),
      ...(unnamed > 0
        ? [
            names.length > 0 || mine
              ? `${format(unnamed)} ${plural(unnamed, { one: 'weitere Person', other: 'weitere' })}`
              : `${format(unnamed)} ${plural(unnamed, { one: 'Person', other: 'Personen' })}`,
          ]
        : []),
    ]),
  reactionSearch: 'Emoji suchen',
  reactionsQuick: 'Oft verwendet',
  reactionsNone: 'Kein Emoji gefunden',
  reactionGroups: {
    smileys: 'Smileys',
    gestures: 'Personen',
    hearts: 'Herzen',
    nature: 'Natur',
    food: 'Essen und Trinken',
    activities: 'Aktivitäten',
    objects: 'Objekte',
    symbols: 'Symbole',
  },

  reply: 'Antworten',
  replyingTo: (author) => `Antwort an ${author}`,
  cancelReply: 'Antwort abbrechen',
  quoteLabel: (author, text) => `Antwort auf ${author}: ${text}`,
  replyCount: (count, format = number) => `${format(count)} ${plural(count, { one: 'Antwort', other: 'Antworten' })}`,
  repliesHeading: 'Antworten',
  repliesLoading: 'Antworten werden geladen',
  repliesOlder: 'Frühere Antworten zeigen',
  closeReplies: 'Antworten schließen',
  replyPlaceholder: 'Antwort schreiben',

  openPicture: (filename) => `${filename}, in voller Größe öffnen`,
  downloadFile: (filename, size) => `${filename} herunterladen, ${size}`,
  fileUnavailable: 'Diese Datei konnte nicht geladen werden.',

  composerLabel: (title) => (title === null ? 'Nachricht' : `Nachricht an ${title}`),
  composerPlaceholder: (title) => (title === null ? 'Nachricht schreiben' : `Nachricht an ${title}`),
  send: 'Senden',
  characterCount: (length, max, format = number) => `${format(length)} von ${format(max)} Zeichen`,
  tooLong: (excess, format = number) =>
    `Um ${format(excess)} Zeichen zu lang. Kürze die Nachricht oder teile sie auf zwei auf.`,
  writeSignedOut: 'Melde dich an, um zu schreiben.',
  writeRefused: 'Du darfst hier nicht schreiben.',
  writeReadonly: 'Du kannst hier lesen, aber nicht schreiben.',
  filesLabel: 'Dateien zum Senden',
  attachFiles: 'Dateien anhängen',
  attachLimit: (size) => `Bis zu ${size} je Datei`,
  dropFiles: 'Dateien hier ablegen, um sie anzuhängen',
  fileProgress: (filename) => `${filename} wird hochgeladen`,
  fileWaiting: 'Wartet …',
  filePaused: 'Pausiert, solange du offline bist',
  fileChecking: 'Wird geprüft …',
  fileDone: (filename) => `${filename} ist hochgeladen`,
  fileFailed: (filename, why) => `${filename} wurde nicht hochgeladen. ${why}`,
  fileRetry: (filename) => `${filename} erneut hochladen`,
  fileRemove: (filename) => `${filename} entfernen`,
  fileTooLarge: (limit) => (limit === null ? 'Zu groß' : `Zu groß: höchstens ${limit}`),
  fileTypeRefused: 'Dateien dieser Art werden nicht angenommen',
  fileRefused: (why) => `Nicht angenommen: ${why}`,
  filesTooMany: (max, format = number) => `Höchstens ${format(max)} Dateien je Nachricht`,
  sendWaits: 'Wird gesendet, sobald die Dateien hochgeladen sind.',
  sendNeedsFiles: 'Eine Datei wurde nicht hochgeladen. Versuche es erneut oder entferne sie.',

  openChat: 'Chat öffnen',
  closeChat: 'Chat schließen',
  unread: (count, format = number) =>
    `${format(count)} ${plural(count, { one: 'ungelesene Nachricht', other: 'ungelesene Nachrichten' })}`,
  suggestionsLabel: 'Vorschläge',

  connecting: 'Verbindung wird aufgebaut …',
  reconnecting: 'Verbindung wird wiederhergestellt …',
  reconnectingIn: (seconds, format = number) => `Neuer Versuch in ${format(seconds)} s`,
  offline: 'Offline. Nachrichten werden gesendet, sobald du wieder online bist.',
  signedOut: { what: 'Du bist abgemeldet.', remedy: 'Melde dich an, um fortzufahren.' },
  connectionClosed: 'Der Chat ist nicht verbunden.',
  retryNow: 'Erneut versuchen',

  errors: {
    unauthenticated: { what: 'Du bist nicht angemeldet.', remedy: 'Melde dich erneut an, um fortzufahren.' },
    forbidden: {
      what: 'Du hast keinen Zugang zu diesem Chat.',
      remedy: 'Bitte die Betreiber der App um Zugang.',
    },
    signed_out: { what: 'Du bist abgemeldet.', remedy: 'Melde dich an, um fortzufahren.' },
    thread_forbidden: {
      what: 'Du darfst diese Unterhaltung nicht lesen.',
      remedy: 'Bitte ein Mitglied, dich hinzuzufügen.',
    },
    thread_not_found: {
      what: 'Diese Unterhaltung gibt es nicht.',
      remedy: 'Vielleicht wurde sie entfernt, oder die Adresse stimmt nicht.',
    },
    message_not_found: { what: 'Diese Nachricht gibt es nicht mehr.', remedy: 'Sende das Geschriebene ohne sie.' },
    message_too_long: { what: 'Die Nachricht ist zu lang.', remedy: 'Kürze sie oder teile sie auf zwei auf.' },
    message_empty: { what: 'Die Nachricht ist leer.', remedy: 'Schreib zuerst etwas.' },
    rate_limited: {
      what: 'Zu viele Nachrichten auf einmal.',
      remedy: 'Warte einen Moment und versuche es dann erneut.',
    },
    connection_lost: { what: 'Die Verbindung ist abgebrochen.', remedy: 'Sie wird wieder aufgebaut.' },
    request_timeout: {
      what: 'Der Server hat nicht rechtzeitig geantwortet.',
      remedy: 'Es wird erneut versucht.',
    },
  },
  errorFallback: 'Etwas ist schiefgelaufen.',
};
