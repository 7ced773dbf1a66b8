import { expect, test } from 'vitest';
import { mentionsIn, splitMentions } from './mentions.ts';

const ADA = { userId: 'u1', label: 'Ada' };
const OSEI = { userId: 'u2', label: 'Ada Osei' };

const marked = (text: string, ...mentions: { userId: string; label: string }[]) =>
  splitMentions(text, mentions)
    .map((span) => (span.kind === 'mention' ? `[${span.mention.userId}]` : span.text))
    .join('');

test.each([
  ['@Ada look', '[u1] look'],
  ['look @Ada', 'look [u1]'],
  ['(@Ada, @Ada!)', '([u1], [u1]!)'],
  ['@Ada Osei and @Ada', '[u2] and [u1]'],
  ['@Adam, mail@Ada and @ada', '@Adam, mail@Ada and @ada'],
  ['@@Ada', '@[u1]'],
  ['@', '@'],
  ['', ''],
])('%j is split into %j', (text, result) => {
  expect(marked(text, ADA, OSEI)).toBe(result);
});

test('what is split is the text, whole', () => {
  const text = 'a @Ada b @Ada Osei';
  expect(
    splitMentions(text, [ADA, OSEI])
      .map((span) => span.text)
      .join(''),
  ).toBe(text);
});

test('a mention counts when the text holds it, and each label is one person’s', () => {
  expect(mentionsIn('@Ada Osei', [ADA, OSEI, { userId: 'u3', label: 'Ada Osei' }])).toEqual([OSEI]);
  expect(mentionsIn('nobody', [ADA])).toEqual([]);
});
