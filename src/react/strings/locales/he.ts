import { listIn, numberIn, pluralIn, type PluralForms } from '../forms.ts';
import type { ChatStrings } from '../types.ts';

const number = (value: number): string => numberIn('he', value);
const plural = (count: number, forms: PluralForms): string => pluralIn('he', count, forms);

/** One stands without a number: “a new message”. */
const counted = (count: number, format: (value: number) => string, one: string, other: string): string =>
  plural(count, { one, other: `${format(count)} ${other}` });

// In the plural or without an address, so that it suits everybody.
export const HEBREW: ChatStrings = {
  windowLabel: 'צ׳אט',
  threadsHeading: 'שיחות',
  threadsEmpty: 'אין עדיין שיחות',
  threadsEmptyHint: 'הן יופיעו כאן ברגע שתגיע הודעה.',
  threadsLoading: 'השיחות נטענות',
  threadUntitled: 'שיחה',
  noThreadChosen: 'בחירת שיחה',
  backToThreads: 'חזרה לשיחות',
  preview: (author, text) => `${author}: ${text}`,
  you: 'אני',
  accessOpen: 'פתוחה לכולם כאן',
  accessMembers: 'לחברים בלבד',
  threadActions: 'פעולות בשיחה',
  mute: 'השתקה',
  unmute: 'ביטול ההשתקה',
  muted: 'מושתקת',
  archive: 'העברה לארכיון',
  unarchive: 'הוצאה מהארכיון',
  showArchived: 'הצגת שיחות בארכיון',
  archivedHeading: 'ארכיון',
  archivedEmpty: 'אין שיחות בארכיון',
  archivedEmptyHint: 'שיחה שהועברה לארכיון ממתינה כאן עד להודעה הבאה; שיחה מושתקת נשארת.',

  searchAll: 'חיפוש בשיחות',
  searchThread: 'חיפוש בשיחה הזו',
  searchHint: 'מילים, "מילים בסדר הזה" או from:שם',
  searching: 'מחפש…',
  searchNone: 'לא נמצא דבר',
  searchResults: (count, format = number) => counted(count, format, 'תוצאה אחת', 'תוצאות'),
  searchMore: 'תוצאות נוספות',
  closeSearch: 'סגירת החיפוש',

  messagesLabel: (title) => (title === null ? 'הודעות' : `הודעות ב־${title}`),
  messagesLoading: 'ההודעות נטענות',
  messagesEmpty: 'אין עדיין הודעות',
  messagesEmptyHint: 'אפשר לכתוב את הראשונה.',
  loadingOlder: 'הודעות קודמות נטענות',
  loadingNewer: 'טוען הודעות מאוחרות יותר',
  messageLoading: 'מחפש את ההודעה',
  messageUnavailable: 'לא ניתן להציג את ההודעה הזו',
  messageShown: (author, time) => `מעבר להודעה של ${author}, ${time}`,
  today: 'היום',
  yesterday: 'אתמול',
  messageLabel: (author, time) => `${author}, ${time}`,
  newMessages: (count, format = number) => counted(count, format, 'הודעה חדשה אחת', 'הודעות חדשות'),
  toLatest: 'מעבר להודעות האחרונות',
  unreadFrom: 'הודעות חדשות',
  toUnread: 'מעבר להודעה הראשונה שלא נקראה',

  copyCode: 'העתקת הקוד',
  codeCopied: 'הועתק',
  codeLabel: (language) => (language === '' ? 'קוד' : `קוד ב־${language}`),
  tableLabel: 'טבלה',
  mathsLabel: 'נוסחה',
  footnote: (label) => `הערה ${label}`,
  footnoteBack: 'חזרה לטקסט',

  sending: 'בשליחה…',
  sent: 'נשלחה',
  read: 'נקראה',
  readBy: (names) => `נקראה על ידי ${names}`,
  failed: 'לא נשלחה',
  retry: 'שליחה מחדש',
  discard: 'ביטול השליחה',

  messageDeleted: 'ההודעה נמחקה',
  edited: 'נערכה',
  editedAt: (moment) => `נערכה: ${moment}`,
  saving: 'בשמירה…',
  deleting: 'במחיקה…',
  notSaved: 'השינוי לא נשמר',
  notDeleted: 'לא נמחקה',
  messageActions: 'פעולות על ההודעה',
  moreActions: 'פעולות נוספות',
  copyText: 'העתקת הטקסט',
  copied: 'הועתק',
  copyFailed: 'ההעתקה נכשלה',
  edit: 'עריכה',
  editAgain: 'עריכה מחדש',
  delete: 'מחיקה',
  deleteQuestion: 'למחוק את ההודעה?',
  deleteHint: 'היא תימחק אצל כולם, ואי אפשר יהיה לשחזר אותה.',
  cancel: 'ביטול',
  editLabel: 'עריכת ההודעה',
  save: 'שמירה',
  editHint: 'Enter לשמירה, Escape לביטול',

  react: 'תגובה באמוג׳י',
  reactionLabel: (emoji, names) => `${emoji} ${names}`,
  reactionNames: (names, mine, unnamed, format = number) =>
    listIn('he', [
      ...names,
      ...(mine ? ['אני'] : []),
      ...(unnamed > 0
        ? [
            names.length > 0 || mine
              ? counted(unnamed, format, 'עוד מישהו', 'נוספים')
              : counted(unnamed, format, 'אדם אחד', 'אנשים'),
          ]
        : []),
    ]),
  reactionSearch: 'חיפוש אמוג׳י',
  reactionsQuick: 'בשימוש תכוף',
  reactionsNone: 'לא נמצא אמוג׳י',
  reactionGroups: {
    smileys: 'פרצופים',
    gestures: 'אנשים',
    hearts: 'לבבות',
    nature: 'טבע',
    food: 'אוכל ושתייה',
    activities: 'פעילויות',
    objects: 'חפצים',
    symbols: 'סמלים',
  },

  reply: 'תגובה',
  replyingTo: (author) => `תגובה אל ${author}`,
  cancelReply: 'ביטול התגובה',
  quoteLabel: (author, text) => `בתגובה אל ${author}: ${text}`,
  replyCount: (count, format = number) =>
    plural(count, { one: 'תגובה אחת', two: 'שתי תגובות', other: `${format(count)} תגובות` }),
  repliesHeading: 'תגובות',
  repliesLoading: 'התגובות נטענות',
  repliesOlder: 'הצגת תגובות קודמות',
  closeReplies: 'סגירת התגובות',
  replyPlaceholder: 'כתיבת תגובה',

  pin: 'הצמדה',
  unpin: 'ביטול ההצמדה',
  pinned: 'הודעה מוצמדת',
  pinLabel: (author, text) => `הודעה מוצמדת, ${author}: ${text}`,
  pinCount: (count, format = number) => counted(count, format, 'הודעה מוצמדת אחת', 'הודעות מוצמדות'),
  // Nouns in place of verbs, which would have to know whether a person is a man or a woman.
  eventCreated: (by) => (by === null ? 'השיחה נוצרה על ידך' : `השיחה נוצרה על ידי ${by}`),
  eventRenamed: (by, title) =>
    by === null ? `שם השיחה שונה על ידך ל„${title}”` : `שם השיחה שונה על ידי ${by} ל„${title}”`,
  eventAdded: (by, whom) =>
    whom === null
      ? `צורפת לשיחה על ידי ${by}`
      : by === null
        ? `צירוף לשיחה על ידך: ${whom}`
        : `צירוף לשיחה על ידי ${by}: ${whom}`,
  eventJoined: (by) => (by === null ? 'הצטרפת לשיחה' : `הצטרפות לשיחה: ${by}`),
  eventLeft: (by) => (by === null ? 'עזבת את השיחה' : `עזיבת השיחה: ${by}`),
  eventRemoved: (by, whom) =>
    whom === null
      ? `הוסרת מהשיחה על ידי ${by}`
      : by === null
        ? `הסרה מהשיחה על ידך: ${whom}`
        : `הסרה מהשיחה על ידי ${by}: ${whom}`,
  eventRole: (by, whom, role) =>
    `${whom === null ? 'התפקיד שלך' : `התפקיד של ${whom}`} שונה ${by === null ? 'על ידך' : `על ידי ${by}`}: ${role}`,
  eventOwnRole: (by, role) => (by === null ? `התפקיד שלך כעת: ${role}` : `התפקיד של ${by} כעת: ${role}`),
  youObject: 'את/ה',
  roles: { owner: 'בעלים', agent: 'הנהלה', member: 'משתתפים', readonly: 'קריאה בלבד' },
  answerThinking: 'חושב…',
  answerDone: 'התשובה מוכנה.',
  answerStop: 'עצירת התשובה',
  answerStopped: 'נעצרה',
  answerFailed: 'לא ניתן היה להשלים את התשובה.',
  reasoning: 'מהלך החשיבה',
  sources: 'מקורות',
  sourceLabel: (number, title) => `מקור ${number}: ${title}`,
  toolRunning: (tool) => `נעשה שימוש ב-${tool}…`,
  toolDone: (tool) => `נעשה שימוש ב-${tool}`,
  toolFailed: (tool) => `${tool} נכשל`,
  toolDenied: (tool) => `השימוש ב-${tool} לא אושר`,
  toolAsks: (tool) => `לאפשר שימוש ב-${tool}?`,
  toolInput: 'קלט',
  toolOutput: 'תוצאה',
  approve: 'לאפשר',
  deny: 'לדחות',
  denyReason: 'סיבה, אם תרצו',

  openPicture: (filename) => `${filename}, פתיחה בגודל מלא`,
  downloadFile: (filename, size) => `הורדת ${filename}, ${size}`,
  fileUnavailable: 'לא ניתן לטעון את הקובץ.',

  removePreview: (host) => `להסיר את התצוגה המקדימה של ${host}`,

  composerLabel: (title) => (title === null ? 'הודעה' : `הודעה אל ${title}`),
  composerPlaceholder: (title) => (title === null ? 'כתיבת הודעה' : `כתיבה אל ${title}`),
  send: 'שליחה',
  characterCount: (length, max, format = number) => `${format(length)} מתוך ${counted(max, format, 'תו אחד', 'תווים')}`,
  tooLong: (excess, format = number) =>
    `ארוכה מדי ב${plural(excess, { one: 'תו אחד', other: `־${format(excess)} תווים` })}. אפשר לקצר, או לשלוח בשני חלקים.`,
  writeSignedOut: 'כדי לכתוב יש להתחבר.',
  writeRefused: 'אין לך הרשאה לכתוב כאן.',
  writeReadonly: 'אפשר לקרוא כאן, אבל לא לכתוב.',
  filesLabel: 'קבצים לשליחה',
  attachFiles: 'צירוף קבצים',
  attachLimit: (size) => `עד ${size} לכל קובץ`,
  dropFiles: 'שחררו קבצים כדי לצרף אותם',
  fileProgress: (filename) => `מעלה את ${filename}`,
  fileWaiting: 'בהמתנה…',
  filePaused: 'מושהה כל עוד אין חיבור',
  fileChecking: 'בבדיקה…',
  fileDone: (filename) => `${filename} הועלה`,
  fileFailed: (filename, why) => `${filename} לא הועלה. ${why}`,
  fileRetry: (filename) => `להעלות שוב את ${filename}`,
  fileRemove: (filename) => `להסיר את ${filename}`,
  fileTooLarge: (limit) => (limit === null ? 'גדול מדי' : `גדול מדי: לכל היותר ${limit}`),
  fileTypeRefused: 'קבצים מסוג זה אינם מתקבלים',
  fileRefused: (why) => `לא התקבל: ${why}`,
  filesTooMany: (max, format = number) => `לכל היותר ${format(max)} קבצים בהודעה`,
  sendWaits: 'תישלח ברגע שהקבצים שלה יועלו.',
  sendNeedsFiles: 'קובץ אחד לא הועלה. נסו שוב או הסירו אותו.',
  insertEmoji: 'הוספת אמוג׳י',
  mentionsLabel: 'אנשים לאזכור',
  commandsLabel: 'פקודות',
  suggestionCount: (count, format = number) =>
    count === 1 ? 'הצעה אחת' : `${format(count)} ${plural(count, { one: 'הצעה', other: 'הצעות' })}`,
  dictate: 'הכתבה',
  dictating: 'מקשיב…',
  dictationStop: 'עצירת ההכתבה',
  dictationRefused: 'המיקרופון חסום. אפשרו אותו לדף זה בהגדרות הדפדפן.',
  dictationFailed: 'ההכתבה לא הצליחה. נסו שוב או הקלידו.',
  draft: 'טיוטה',
  typing: (names) =>
    names.length === 0 ? 'כמה אנשים מקלידים' : `${listIn('he', names)} ${names.length === 1 ? 'מקליד/ה' : 'מקלידים'}`,

  openChat: 'פתיחת הצ׳אט',
  closeChat: 'סגירת הצ׳אט',
  unread: (count, format = number) => counted(count, format, 'הודעה אחת שלא נקראה', 'הודעות שלא נקראו'),
  suggestionsLabel: 'הצעות',

  connecting: 'בהתחברות…',
  reconnecting: 'בהתחברות מחדש…',
  reconnectingIn: (seconds, format = number) => `ניסיון נוסף בעוד ${format(seconds)} שנ׳`,
  offline: 'אין חיבור. ההודעות יישלחו כשהחיבור יחזור.',
  signedOut: { what: 'נותקת מהחשבון.', remedy: 'יש להתחבר כדי להמשיך.' },
  connectionClosed: 'הצ׳אט אינו מחובר.',
  retryNow: 'ניסיון נוסף',

  errors: {
    unauthenticated: { what: 'לא התחברת לחשבון.', remedy: 'יש להתחבר שוב כדי להמשיך.' },
    forbidden: { what: 'אין לך גישה לצ׳אט הזה.', remedy: 'אפשר לבקש גישה ממנהלי האפליקציה.' },
    signed_out: { what: 'נותקת מהחשבון.', remedy: 'יש להתחבר כדי להמשיך.' },
    thread_forbidden: { what: 'אין לך הרשאה לקרוא את השיחה.', remedy: 'אפשר לבקש מאחד החברים בשיחה להוסיף אותך.' },
    thread_not_found: { what: 'השיחה לא קיימת.', remedy: 'ייתכן שהוסרה, או שהכתובת שגויה.' },
    message_not_found: { what: 'ההודעה הזאת כבר לא קיימת.', remedy: 'אפשר לשלוח את מה שנכתב בלעדיה.' },
    message_too_long: { what: 'ההודעה ארוכה מדי.', remedy: 'אפשר לקצר אותה, או לשלוח בשני חלקים.' },
    message_empty: { what: 'ההודעה ריקה.', remedy: 'יש לכתוב משהו קודם.' },
    rate_limited: { what: 'יותר מדי הודעות בבת אחת.', remedy: 'כדאי לחכות רגע ולנסות שוב.' },
    connection_lost: { what: 'החיבור אבד.', remedy: 'הוא מוקם מחדש.' },
    request_timeout: { what: 'השרת לא השיב בזמן.', remedy: 'מתבצע ניסיון נוסף.' },
  },
  errorFallback: 'משהו השתבש.',
};
