// The conversations that the pictures show: each part of a window that can be seen at once, in English and in Arabic.
import type { FakeBackend, FakeThread, FakeUser } from '../../src/testing/index.ts';

export type Language = 'en' | 'ar';

/** When the pictures are taken; whoever opens the page sets its clock to it. */
export const NOW = Date.UTC(2026, 5, 12, 14, 45);

export const ME = 'mara';
export const DESK = 'desk';

/** Words of a scene. No emoji among them: their glyphs, and how wide they are, differ from machine to machine. */
const WORDS = {
  en: {
    people: { mara: 'Mara Lindt', ada: 'Ada Osei', jun: 'Jun Mori', guide: 'Guide' },
    titles: { desk: 'Help desk', ops: 'Ops on call', billing: 'Billing review' },
    twice: 'Our June invoice, 2026-0612, shows VAT twice: once on the plan and once more on the total.',
    seen: 'Thanks for the number, Mara. The second line comes from the shipping of the two card readers.',
    label: 'Shipping is taxed on its own, but the label should say so. See https://docs.acme.example/invoices',
    docs: 'Correcting an invoice',
    about: 'What can be corrected, for how long, and who may do it.',
    copy: 'Can I have a corrected copy before the 15th?',
    sure: 'You can have it in a minute.',
    invite: 'And who can add a second person to our account?',
    answer:
      'Any **owner** can, under *Settings, People*.\n\n- An invitation is valid for 7 days.\n- A seat counts from then on.',
    source: 'People and roles',
    unsent: 'Perfect, I have invited Noor.',
    paged: 'Paged: p99 of checkout is at 4.2 s.',
    june: 'The June numbers are in.',
    worked: 'Thanks, that worked.',
  },
  ar: {
    people: { mara: 'مارا', ada: 'عائدة', jun: 'جون', guide: 'المرشد' },
    titles: { desk: 'مكتب المساعدة', ops: 'المناوبة', billing: 'مراجعة الفواتير' },
    twice: 'فاتورة يونيو رقم 2026-0612 تظهر الضريبة مرتين: مرة على الخطة ومرة أخرى على المجموع.',
    seen: 'شكرا على الرقم يا مارا. السطر الثاني يأتي من شحن قارئي البطاقات.',
    label: 'الشحن له ضريبة خاصة، لكن الاسم يجب أن يقول ذلك. https://docs.acme.example/invoices',
    docs: 'تصحيح فاتورة',
    about: 'ما الذي يمكن تصحيحه، ولأي مدة، ومن يستطيع ذلك.',
    copy: 'هل أحصل على نسخة مصححة قبل الخامس عشر؟',
    sure: 'ستصلك خلال دقيقة.',
    invite: 'ومن يستطيع إضافة شخص ثان إلى حسابنا؟',
    answer: 'كل **مالك** يستطيع ذلك في *الإعدادات*.\n\n- الدعوة صالحة سبعة أيام.\n- يحسب المقعد منذ ذلك الحين.',
    source: 'الأشخاص والأدوار',
    unsent: 'ممتاز، لقد دعوت نور.',
    paged: 'تنبيه: زمن الدفع بطيء الآن.',
    june: 'أرقام يونيو جاهزة.',
    worked: 'شكرا، لقد نجح ذلك.',
  },
} as const;

export function usersOf(language: Language): FakeUser[] {
  return Object.entries(WORDS[language].people).map(([id, name]) => ({ id, name }));
}

export function threadsOf(language: Language): FakeThread[] {
  const words = WORDS[language];
  return [
    {
      id: DESK,
      title: words.titles.desk,
      members: [{ id: ME, role: 'owner' }, 'ada', 'guide'],
      messages: [
        { author: ME, minutesAgo: 1500, event: { type: 'thread.created', title: words.titles.desk } },
        { author: ME, minutesAgo: 1499, text: words.twice },
        { author: 'ada', minutesAgo: 1490, text: words.seen },
        { id: 'label', author: 'ada', minutesAgo: 1489, text: words.label },
        { id: 'copy', author: ME, minutesAgo: 22, text: words.copy },
        {
          author: ME,
          minutesAgo: 21,
          event: { type: 'member.added', people: [{ id: 'jun', name: words.people.jun }], count: 1 },
        },
        { author: 'ada', minutesAgo: 20, text: words.sure, replyTo: 'copy' },
        { id: 'invite', author: ME, minutesAgo: 4, text: words.invite },
      ],
    },
    {
      id: 'ops',
      title: words.titles.ops,
      messages: [{ author: 'jun', minutesAgo: 74, text: words.paged }],
      read: { [ME]: 0 },
    },
    {
      id: 'billing',
      title: words.titles.billing,
      members: [ME, 'ada', 'jun'],
      messages: [{ author: 'ada', minutesAgo: 190, text: words.june }],
    },
    {
      id: 'jun',
      title: words.people.jun,
      members: [ME, 'jun'],
      messages: [{ author: 'jun', minutesAgo: 1700, text: words.worked }],
    },
  ];
}

/** What comes to the conversation that is open: an answer with what it used, a link's preview, who has read, who is here. */
export function happen(backend: FakeBackend, language: Language): void {
  const words = WORDS[language];
  backend.setPresence({ userId: 'jun', online: true });
  backend.setOwn('billing', ME, { muted: true });
  backend.preview({
    threadId: DESK,
    messageId: 'label',
    previews: [
      {
        url: 'https://docs.acme.example/invoices',
        title: words.docs,
        description: words.about,
        host: 'docs.acme.example',
        siteName: 'Acme',
      },
    ],
  });
  const answer = backend.answer({ threadId: DESK, author: 'guide', to: 'invite', id: 'answer' });
  answer.write(
    { type: 'tool-input-available', toolCallId: 'c', toolName: 'search', input: { q: 'invite' } },
    { type: 'tool-output-available', toolCallId: 'c', output: '1' },
    { type: 'text-start', id: 't' },
    { type: 'text-delta', id: 't', delta: words.answer },
    { type: 'text-end', id: 't' },
    { type: 'source-url', sourceId: 's', url: 'https://docs.acme.example/people', title: words.source },
    { type: 'finish' },
  );
  answer.end();
}

/** What the person writes, and the server refuses. */
export const unsentOf = (language: Language): string => WORDS[language].unsent;
