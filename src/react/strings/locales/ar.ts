import { listIn, numberIn, pluralIn, type PluralForms } from '../forms.ts';
import type { ChatStrings } from '../types.ts';

const number = (value: number): string => numberIn('ar', value);
const plural = (count: number, forms: PluralForms): string => pluralIn('ar', count, forms);

/** One and two are words of their own in Arabic; they stand without a number. */
const counted = (count: number, format: (value: number) => string, forms: PluralForms): string =>
  count === 1 || count === 2 ? plural(count, forms) : `${format(count)} ${plural(count, forms)}`;

const CHARACTERS: PluralForms = {
  zero: 'حرف',
  one: 'حرف واحد',
  two: 'حرفان',
  few: 'أحرف',
  many: 'حرفًا',
  other: 'حرف',
};

/** After a preposition, as in “too long by …”. */
const BY_CHARACTERS: PluralForms = { ...CHARACTERS, two: 'حرفين' };

export const ARABIC: ChatStrings = {
  windowLabel: 'الدردشة',
  threadsHeading: 'المحادثات',
  threadsEmpty: 'لا توجد محادثات بعد',
  threadsEmptyHint: 'ستظهر هنا بمجرد أن يكتب إليك أحد.',
  threadsLoading: 'جارٍ تحميل المحادثات',
  threadUntitled: 'محادثة',
  noThreadChosen: 'اختر محادثة',
  backToThreads: 'العودة إلى المحادثات',
  preview: (author, text) => `${author}: ${text}`,
  you: 'أنت',
  accessOpen: 'متاحة للجميع هنا',
  accessMembers: 'للأعضاء فقط',
  threadActions: 'إجراءات المحادثة',
  mute: 'كتم',
  unmute: 'إلغاء الكتم',
  muted: 'مكتومة',
  archive: 'أرشفة',
  unarchive: 'إلغاء الأرشفة',
  showArchived: 'عرض المحادثات المؤرشفة',
  archivedHeading: 'الأرشيف',
  archivedEmpty: 'لا شيء في الأرشيف',
  archivedEmptyHint: 'تبقى المحادثة المؤرشفة هنا حتى رسالتها التالية، أما المكتومة فتبقى دائمًا.',

  searchAll: 'البحث في المحادثات',
  searchThread: 'البحث في هذه المحادثة',
  searchHint: 'كلمات، أو "كلمات بهذا الترتيب"، أو from:الاسم',
  searching: 'جارٍ البحث…',
  searchNone: 'لم يُعثر على شيء',
  searchResults: (count, format = number) =>
    counted(count, format, {
      zero: 'نتيجة',
      one: 'نتيجة واحدة',
      two: 'نتيجتان',
      few: 'نتائج',
      many: 'نتيجة',
      other: 'نتيجة',
    }),
  searchMore: 'المزيد من النتائج',
  closeSearch: 'إغلاق البحث',

  messagesLabel: (title) => (title === null ? 'الرسائل' : `الرسائل في ${title}`),
  messagesLoading: 'جارٍ تحميل الرسائل',
  messagesEmpty: 'لا توجد رسائل بعد',
  messagesEmptyHint: 'اكتب الرسالة الأولى.',
  loadingOlder: 'جارٍ تحميل الرسائل السابقة',
  loadingNewer: 'جارٍ تحميل الرسائل اللاحقة',
  messageLoading: 'جارٍ البحث عن الرسالة',
  messageUnavailable: 'لا يمكن عرض هذه الرسالة',
  messageShown: (author, time) => `تم الانتقال إلى رسالة ${author}، ${time}`,
  today: 'اليوم',
  yesterday: 'أمس',
  messageLabel: (author, time) => `${author}، ${time}`,
  newMessages: (count, format = number) =>
    counted(count, format, {
      zero: 'رسالة جديدة',
      one: 'رسالة جديدة واحدة',
      two: 'رسالتان جديدتان',
      few: 'رسائل جديدة',
      many: 'رسالة جديدة',
      other: 'رسالة جديدة',
    }),
  toLatest: 'الانتقال إلى أحدث الرسائل',
  unreadFrom: 'رسائل جديدة',
  toUnread: 'الانتقال إلى أول رسالة غير مقروءة',

  copyCode: 'نسخ الشيفرة',
  codeCopied: 'تم النسخ',
  codeLabel: (language) => (language === '' ? 'شيفرة' : `شيفرة بلغة ${language}`),
  tableLabel: 'جدول',
  mathsLabel: 'معادلة',
  footnote: (label) => `حاشية ${label}`,
  footnoteBack: 'العودة إلى النص',

  sending: 'جارٍ الإرسال…',
  sent: 'تم الإرسال',
  read: 'تمت القراءة',
  readBy: (names) => `قرأها ${names}`,
  failed: 'لم تُرسل',
  retry: 'إعادة الإرسال',
  discard: 'تجاهل',

  messageDeleted: 'حُذفت هذه الرسالة',
  edited: 'معدّلة',
  editedAt: (moment) => `عُدّلت: ${moment}`,
  saving: 'جارٍ الحفظ…',
  deleting: 'جارٍ الحذف…',
  notSaved: 'لم يُحفظ التعديل',
  notDeleted: 'لم تُحذف',
  messageActions: 'إجراءات الرسالة',
  moreActions: 'المزيد من الإجراءات',
  copyText: 'نسخ النص',
  copied: 'تم النسخ',
  copyFailed: 'تعذّر النسخ',
  edit: 'تعديل',
  editAgain: 'تعديل مرة أخرى',
  delete: 'حذف',
  deleteQuestion: 'هل تريد حذف هذه الرسالة؟',
  deleteHint: 'ستختفي لدى الجميع ولا يمكن استعادتها.',
  cancel: 'إلغاء',
  editLabel: 'تعديل الرسالة',
  save: 'حفظ',
  editHint: 'Enter للحفظ، وEscape للإلغاء',

  react: 'تفاعل',
  reactionLabel: (emoji, names) => `${emoji} ${names}`,
  reactionNames: (names, mine, unnamed, format = number) =>
    listIn('ar', [
      ...names,
      ...(mine ? ['أنت'] : []),
      ...(unnamed > 0
        ? [
            names.length > 0 || mine
              ? counted(unnamed, format, {
                  one: 'شخص آخر',
                  two: 'شخصان آخران',
                  few: 'أشخاص آخرين',
                  many: 'شخصًا آخر',
                  other: 'شخص آخر',
                })
              : counted(unnamed, format, {
                  one: 'شخص واحد',
                  two: 'شخصان',
                  few: 'أشخاص',
                  many: 'شخصًا',
                  other: 'شخص',
                }),
          ]
        : []),
    ]),
  reactionSearch: 'البحث عن رمز تعبيري',
  reactionsQuick: 'كثيرة الاستخدام',
  reactionsNone: 'لم يُعثر على رموز تعبيرية',
  reactionGroups: {
    smileys: 'وجوه',
    gestures: 'أشخاص',
    hearts: 'قلوب',
    nature: 'طبيعة',
    food: 'طعام وشراب',
    activities: 'أنشطة',
    objects: 'أشياء',
    symbols: 'رموز',
  },

  reply: 'رد',
  replyingTo: (author) => `الرد على ${author}`,
  cancelReply: 'إلغاء الرد',
  quoteLabel: (author, text) => `ردًا على ${author}: ${text}`,
  replyCount: (count, format = number) =>
    plural(count, {
      one: 'رد واحد',
      two: 'ردّان',
      few: `${format(count)} ردود`,
      many: `${format(count)} ردًا`,
      other: `${format(count)} رد`,
    }),
  repliesHeading: 'الردود',
  repliesLoading: 'جارٍ تحميل الردود',
  repliesOlder: 'عرض الردود السابقة',
  closeReplies: 'إغلاق الردود',
  replyPlaceholder: 'اكتب ردًا',

  pin: 'تثبيت',
  unpin: 'إلغاء التثبيت',
  pinned: 'مثبّتة',
  pinLabel: (author, text) => `رسالة مثبّتة، ${author}: ${text}`,
  pinCount: (count, format = number) =>
    counted(count, format, {
      zero: 'رسالة مثبّتة',
      one: 'رسالة مثبّتة واحدة',
      two: 'رسالتان مثبّتتان',
      few: 'رسائل مثبّتة',
      many: 'رسالة مثبّتة',
      other: 'رسالة مثبّتة',
    }),
  // Nouns in place of verbs, which would have to know whether a person is a man or a woman.
  eventCreated: (by) => (by === null ? 'تم إنشاء المحادثة من قِبلك' : `تم إنشاء المحادثة من قِبل ${by}`),
  eventRenamed: (by, title) =>
    by === null ? `تم تغيير الاسم من قِبلك إلى «${title}»` : `تم تغيير الاسم من قِبل ${by} إلى «${title}»`,
  eventAdded: (by, whom) =>
    `${whom === null ? 'تمت إضافتك' : `تمت إضافة ${whom}`} ${by === null ? 'من قِبلك' : `من قِبل ${by}`}`,
  eventJoined: (by) => (by === null ? 'تم انضمامك' : `تم انضمام ${by}`),
  eventLeft: (by) => (by === null ? 'تمت مغادرتك' : `تمت مغادرة ${by}`),
  eventRemoved: (by, whom) =>
    `${whom === null ? 'تمت إزالتك' : `تمت إزالة ${whom}`} ${by === null ? 'من قِبلك' : `من قِبل ${by}`}`,
  eventRole: (by, whom, role) =>
    `${whom === null ? 'تم تغيير دورك' : `تم تغيير دور ${whom}`} ${by === null ? 'من قِبلك' : `من قِبل ${by}`}: ${role}`,
  eventOwnRole: (by, role) => (by === null ? `دورك الآن: ${role}` : `دور ${by} الآن: ${role}`),
  youObject: 'أنت',
  roles: { owner: 'مالك', agent: 'مشرف', member: 'عضو', readonly: 'للقراءة فقط' },
  answerThinking: 'جارٍ التفكير…',
  answerDone: 'الإجابة جاهزة.',
  answerStop: 'إيقاف الإجابة',
  answerStopped: 'متوقفة',
  answerFailed: 'تعذّر إكمال الإجابة.',
  reasoning: 'التفكير',
  sources: 'المصادر',
  sourceLabel: (number, title) => `المصدر ${number}: ${title}`,
  toolRunning: (tool) => `جارٍ استخدام ${tool}…`,
  toolDone: (tool) => `استُخدم ${tool}`,
  toolFailed: (tool) => `فشل ${tool}`,
  toolDenied: (tool) => `لم يُسمح باستخدام ${tool}`,
  toolAsks: (tool) => `هل تسمح باستخدام ${tool}؟`,
  toolInput: 'المُدخل',
  toolOutput: 'النتيجة',
  approve: 'السماح',
  deny: 'الرفض',
  denyReason: 'السبب، إن شئت',

  openPicture: (filename) => `${filename}، فتح بالحجم الكامل`,
  downloadFile: (filename, size) => `تنزيل ${filename}، ${size}`,
  fileUnavailable: 'تعذّر تحميل هذا الملف.',

  removePreview: (host) => `إزالة معاينة ${host}`,

  composerLabel: (title) => (title === null ? 'رسالة' : `رسالة إلى ${title}`),
  composerPlaceholder: (title) => (title === null ? 'اكتب رسالة' : `اكتب إلى ${title}`),
  send: 'إرسال',
  characterCount: (length, max, format = number) => `${format(length)} من ${counted(max, format, CHARACTERS)}`,
  tooLong: (excess, format = number) =>
    `أطول من اللازم بمقدار ${counted(excess, format, BY_CHARACTERS)}. اختصرها أو أرسلها على دفعتين.`,
  writeSignedOut: 'سجّل الدخول لتتمكن من الكتابة.',
  writeRefused: 'لا يمكنك الكتابة هنا.',
  writeReadonly: 'يمكنك القراءة هنا، لكن لا يمكنك الكتابة.',
  filesLabel: 'ملفات للإرسال',
  attachFiles: 'إرفاق ملفات',
  attachLimit: (size) => `حتى ${size} لكل ملف`,
  dropFiles: 'أفلت الملفات لإرفاقها',
  fileProgress: (filename) => `جارٍ رفع ${filename}`,
  fileWaiting: 'في الانتظار…',
  filePaused: 'متوقف مؤقتًا لعدم وجود اتصال',
  fileChecking: 'جارٍ التحقق…',
  fileDone: (filename) => `تم رفع ${filename}`,
  fileFailed: (filename, why) => `لم يُرفع ${filename}. ${why}`,
  fileRetry: (filename) => `إعادة رفع ${filename}`,
  fileRemove: (filename) => `إزالة ${filename}`,
  fileTooLarge: (limit) => (limit === null ? 'حجمه كبير جدًا' : `حجمه كبير جدًا: الحد الأقصى ${limit}`),
  fileTypeRefused: 'لا تُقبل الملفات من هذا النوع',
  fileRefused: (why) => `لم يُقبل: ${why}`,
  filesTooMany: (max, format = number) =>
    `الحد الأقصى للرسالة ${counted(max, format, { one: 'ملف واحد', two: 'ملفان', few: 'ملفات', many: 'ملفًا', other: 'ملف' })}`,
  sendWaits: 'ستُرسل فور اكتمال رفع ملفاتها.',
  sendNeedsFiles: 'تعذّر رفع أحد الملفات. أعد المحاولة أو أزله.',
  insertEmoji: 'إدراج رمز تعبيري',
  mentionsLabel: 'أشخاص للإشارة إليهم',
  commandsLabel: 'الأوامر',
  suggestionCount: (count, format = number) =>
    counted(count, format, { one: 'اقتراح واحد', two: 'اقتراحان', few: 'اقتراحات', many: 'اقتراحًا', other: 'اقتراح' }),
  dictate: 'إملاء صوتي',
  dictating: 'جارٍ الاستماع…',
  dictationStop: 'إيقاف الإملاء',
  dictationRefused: 'الميكروفون محظور. اسمح به لهذه الصفحة من إعدادات المتصفح.',
  dictationFailed: 'لم ينجح الإملاء. حاول مرة أخرى أو اكتب.',
  draft: 'مسودة',
  typing: (names) =>
    names.length === 0
      ? 'عدة أشخاص يكتبون الآن'
      : `${listIn('ar', names)} ${names.length === 1 ? 'يكتب' : 'يكتبان'} الآن`,

  openChat: 'فتح الدردشة',
  closeChat: 'إغلاق الدردشة',
  unread: (count, format = number) =>
    counted(count, format, {
      zero: 'رسالة غير مقروءة',
      one: 'رسالة واحدة غير مقروءة',
      two: 'رسالتان غير مقروءتين',
      few: 'رسائل غير مقروءة',
      many: 'رسالة غير مقروءة',
      other: 'رسالة غير مقروءة',
    }),
  suggestionsLabel: 'اقتراحات',

  connecting: 'جارٍ الاتصال…',
  reconnecting: 'جارٍ إعادة الاتصال…',
  reconnectingIn: (seconds, format = number) => `محاولة جديدة خلال ${format(seconds)} ث`,
  offline: 'لا يوجد اتصال. ستُرسل الرسائل عند عودة الاتصال.',
  signedOut: { what: 'تم تسجيل خروجك.', remedy: 'سجّل الدخول للمتابعة.' },
  connectionClosed: 'الدردشة غير متصلة.',
  retryNow: 'إعادة المحاولة',

  errors: {
    unauthenticated: { what: 'لم تسجّل الدخول.', remedy: 'سجّل الدخول مرة أخرى للمتابعة.' },
    forbidden: { what: 'لا تملك حق الوصول إلى هذه الدردشة.', remedy: 'اطلب الوصول من مسؤول التطبيق.' },
    signed_out: { what: 'تم تسجيل خروجك.', remedy: 'سجّل الدخول للمتابعة.' },
    thread_forbidden: { what: 'لا يمكنك قراءة هذه المحادثة.', remedy: 'اطلب من أحد أعضائها أن يضيفك.' },
    thread_not_found: { what: 'هذه المحادثة غير موجودة.', remedy: 'ربما أُزيلت، أو أن عنوانها غير صحيح.' },
    message_not_found: { what: 'لم تعد هذه الرسالة موجودة.', remedy: 'أرسل ما كتبته من دونها.' },
    message_too_long: { what: 'الرسالة طويلة جدًا.', remedy: 'اختصرها أو أرسلها على دفعتين.' },
    message_empty: { what: 'الرسالة فارغة.', remedy: 'اكتب شيئًا أولًا.' },
    rate_limited: { what: 'رسائل كثيرة دفعة واحدة.', remedy: 'انتظر قليلًا ثم حاول مرة أخرى.' },
    connection_lost: { what: 'انقطع الاتصال.', remedy: 'تجري استعادته.' },
    request_timeout: { what: 'لم يستجب الخادم في الوقت المناسب.', remedy: 'تجري المحاولة مرة أخرى.' },
  },
  errorFallback: 'حدث خطأ ما.',
};
