import type { FakeMessage, FakeThread, FakeUser } from 'latchkit/testing';

/** The person whose screen the stories show. */
export const ME = 'mara';

export const USERS: FakeUser[] = [
  { id: ME, name: 'Mara Lindt' },
  { id: 'ada', name: 'Ada Osei' },
  { id: 'ines', name: 'Ines Duarte' },
  { id: 'jun', name: 'Jun Mori' },
  { id: 'noor', name: 'Noor Haddad' },
];

const say = (author: string, minutesAgo: number, text: string): FakeMessage => ({ author, minutesAgo, text });

export const HELP_DESK: FakeThread = {
  id: 'help-desk',
  title: 'Help desk',
  messages: [
    say(ME, 1506, 'Hello! Our June invoice, 2026-0612, shows VAT twice: once on the plan and once more on the total.'),
    say(
      'ada',
      1502,
      'Thanks for the number, Mara. I can see it. The second line comes from the shipping of the two card readers.',
    ),
    say('ada', 1501, 'Shipping is taxed on its own, but the label should say so. I have asked billing to correct it.'),
    say(ME, 1498, 'That explains it. Can I have a corrected copy before the 15th? Our books close then.'),
    say(
      'ada',
      26,
      'Hello again! Billing has corrected it. You can export it yourself:\n\nacme invoices export --number 2026-0612 --format pdf',
    ),
    say(ME, 22, 'It works. The total is right now: 1,284.50 €.'),
    say('ada', 21, 'Glad to hear it. Anything else for today?'),
    say(ME, 4, 'One more thing: who can add a second person to our account?'),
    say('ada', 2, 'Any owner can, under Settings → People. An invitation is valid for 7 days.'),
  ],
};

export const OPS: FakeThread = {
  id: 'ops-on-call',
  title: 'Ops on call',
  messages: [
    say('jun', 74, 'Paged: p99 of checkout is at 4.2 s in eu-west, was 380 ms. Began three minutes ago.'),
    say(
      'noor',
      73,
      'Looking. Deploy 4f1c9a2 went out just before. Connections to the orders database are at the limit.',
    ),
    say('jun', 71, 'It opens one pool per request. The change to the retry wrapper did that.'),
    say(ME, 70, 'Rolling back 4f1c9a2.'),
    say(ME, 66, 'Rolled back, all regions.'),
    say('noor', 64, 'p99 is at 410 ms and falling. Connections went from 400 to 61.'),
    say('jun', 63, 'I keep watching for 30 minutes, then close the incident. Review tomorrow at 10.'),
  ],
};

export const BILLING: FakeThread = {
  id: 'billing-review',
  title: 'Billing review',
  members: [ME, 'ines'],
  messages: [
    say('ines', 190, 'The June numbers are in. 214 invoices, 3 of them disputed.'),
    say(ME, 186, 'Which three?'),
    say('ines', 185, '2026-0598, 2026-0604 and 2026-0612. The June one is ready for your signature.'),
  ],
};

const JUN: FakeThread = {
  id: 'jun',
  title: 'Jun Mori',
  members: [ME, 'jun'],
  messages: [say(ME, 4400, 'The staging certificate is renewed. Try again?'), say('jun', 4396, 'Thanks, that worked.')],
};

/** A conversation that the person of the stories is not in. */
export const SECURITY: FakeThread = {
  id: 'security-review',
  title: 'Security review',
  members: ['noor'],
  messages: [say('noor', 600, 'Access list for the third quarter attached.')],
};

export const EMPTY: FakeThread = { id: 'new-customers', title: 'New customers' };

export const THREADS: FakeThread[] = [HELP_DESK, OPS, BILLING, JUN, SECURITY];

const CHECKS = [
  'Nightly backup finished in 11 min, 48 GB, restore test passed.',
  'Disk of db-3 is at 71 %. Nothing to do.',
  'Certificate of api.acme.example renews in 21 days.',
  'Queue depth peaked at 1,912 during the import, now 0.',
  'Deploy went out to all regions. Error rate unchanged at 0.02 %.',
  'Two login alerts from the office network, both the new badge reader.',
  'p99 of checkout 362 ms, search 118 ms.',
];

/** A year of shift notes: every message tells its number, so that a test can see which ones are there. */
export function shiftNotes(count: number): FakeThread {
  const authors = ['jun', 'jun', 'noor', ME, 'noor'];
  const messages = Array.from({ length: count }, (_, i): FakeMessage => {
    const note = CHECKS[i % CHECKS.length];
    return {
      author: authors[i % authors.length] ?? 'jun',
      minutesAgo: (count - i) * 37,
      text: `Note ${i + 1}. ${note}`,
    };
  });
  return { id: 'shift-notes', title: 'Shift notes', messages };
}

/** Text that tries a layout: long words and addresses, emoji, several scripts. */
export const ROUGH: FakeThread = {
  id: 'rough',
  title: 'Imports from the old ticket system, second batch (customers A–K, without attachments)',
  messages: [
    say(
      'noor',
      9,
      'https://status.acme.example/incidents/2026-06-12/checkout-latency-eu-west?from=2026-06-12T09:02:00Z&to=2026-06-12T09:41:00Z&panel=p99&series=orders-db-connections#graph',
    ),
    say(
      'jun',
      8,
      'The class is called AbstractSingletonProxyFactoryBeanForCheckoutRetryPolicyConfigurationWithExponentialBackoffAndJitter now.',
    ),
    say(
      ME,
      7,
      'eyebrow_raised_but_not_surprised_that_this_identifier_has_no_space_in_it_at_all_and_goes_on_for_longer_than_a_phone_is_wide',
    ),
    say('ada', 6, '🎉'),
    say('ines', 5, 'Done 👩🏽‍💻👨‍👩‍👧‍👦🏳️‍🌈 — 12 of 12 ✅'),
    say('jun', 4, '了解です。明日の朝、もう一度確認します。'),
    say(ME, 3, 'Größenänderung, naïve façade, Dvořák, Þórshöfn: all come through.'),
    say(
      'noor',
      2,
      'Steps:\n1. stop the import\n2. empty the queue\n3. start again with --resume\n\nNothing is lost in between.',
    ),
  ],
};

export const RTL: FakeThread = {
  id: 'rtl',
  title: 'מוקד תמיכה · الدعم',
  messages: [
    say('noor', 9, 'مرحبا! الفاتورة رقم 2026-0612 فيها ضريبة محسوبة مرتين. هل يمكن تصحيحها؟'),
    say(ME, 7, 'نعم، تم تصحيحها الآن. ستصلك النسخة الجديدة خلال دقيقة.'),
    say('jun', 5, 'שלום, הייצוא עובד: acme invoices export --format pdf'),
    say(ME, 3, 'תודה! הסכום נכון עכשיו, 1,284.50 €.'),
    say('ada', 2, 'Great, closing the ticket. شكرا!'),
  ],
};
