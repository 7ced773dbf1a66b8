import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MAX_ID_LENGTH, MAX_PARTS, MAX_TEXT_LENGTH } from '../../protocol/index.ts';
import { decodeBySchema } from './decodeFrame.ts';
import { readPlainSend } from './readPlainSend.ts';

const plain = (change: Record<string, unknown> = {}) => ({
  type: 'message.send',
  requestId: 1,
  threadId: 't',
  messageId: 'm',
  parts: [{ type: 'text', text: 'hi' }],
  ...change,
});

// Mostly as people send it; else around every bound, and of every kind that JSON has.
const mostly = (good: fc.Arbitrary<unknown>, ...others: fc.Arbitrary<unknown>[]) =>
  fc.oneof({ arbitrary: good, weight: 6 * others.length }, ...others);
const ids = mostly(
  fc.uuid(),
  fc.string({ unit: 'grapheme', maxLength: MAX_ID_LENGTH + 2 }),
  fc.string({ unit: 'binary', maxLength: 3 }),
  fc.integer({ min: MAX_ID_LENGTH - 1, max: MAX_ID_LENGTH + 1 }).map((length) => 'x'.repeat(length)),
  fc.jsonValue(),
);
const texts = mostly(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', ' ', '\n\t\u00a0', '\ud800', '\ufeff'),
  fc.integer({ min: MAX_TEXT_LENGTH - 1, max: MAX_TEXT_LENGTH + 1 }).map((length) => 'x'.repeat(length)),
  fc.jsonValue(),
);
const words = { type: fc.constant('text'), text: texts };
const parts = mostly(
  fc.record(words),
  fc.record({ ...words, more: fc.jsonValue() }),
  fc.record({ ...words, mentions: mostly(fc.constant([]), fc.jsonValue()) }),
  fc.record({ type: fc.constant('file'), attachmentId: ids }),
  fc.jsonValue(),
);
const frames = fc
  .record({
    requestId: mostly(fc.nat(), fc.constantFrom(-1, 1.5, 2 ** 53, '1', null)),
    threadId: ids,
    messageId: ids,
    parts: mostly(
      fc.array(parts, { maxLength: 3 }),
      fc
        .integer({ min: MAX_PARTS - 1, max: MAX_PARTS + 1 })
        .map((length) => Array<unknown>(length).fill(plain().parts[0])),
      fc.jsonValue(),
    ),
    replyTo: mostly(fc.constant(undefined), ids),
    more: mostly(fc.constant(undefined), fc.jsonValue()),
  })
  .map(plain);

it('G9 what the quick reader lets through, the schema lets through, and reads the same', () => {
  let read = 0;
  fc.assert(
    fc.property(frames, (frame) => {
      const value = JSON.parse(JSON.stringify(frame)) as Record<string, unknown>;
      const quick = readPlainSend(value);
      if (!quick) return;
      read += 1;
      expect(decodeBySchema(value)).toEqual({ kind: 'frame', frame: quick });
    }),
    { numRuns: 5_000 },
  );
  // Else it would have shown nothing.
  expect(read).toBeGreaterThan(500);
});

it.each([
  plain(),
  plain({ requestId: 0, messageId: '0198c7a2-0000-7000-8000-000000000000' }),
  plain({ parts: [...plain().parts, { type: 'text', text: 'Zwölf 日本語 👩‍👩‍👧' }] }),
])('reads what people mostly send: %j', (frame) => {
  expect(readPlainSend(frame)).toEqual(frame);
});

it.each([
  ['a file', { parts: [{ type: 'file', attachmentId: 'a' }] }],
  ['a mention', { parts: [{ type: 'text', text: '@ada', mentions: [{ userId: 'ada', label: 'ada' }] }] }],
  ['a reply', { replyTo: 'm0' }],
  ['an id beyond ASCII', { threadId: 'ö' }],
  ['blanks alone', { parts: [{ type: 'text', text: ' \n' }] }],
  ['too much in all parts together', { parts: Array(2).fill({ type: 'text', text: 'x'.repeat(6_000) }) }],
])('leaves %s to the schema', (_, change) => {
  expect(readPlainSend(plain(change))).toBeNull();
});
