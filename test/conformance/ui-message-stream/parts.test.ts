import { expect, test } from 'vitest';
import { Random } from '../../support/Random.ts';
import { AnswerParts, ChunkError, partialJson } from '../../../src/protocol/answers/index.ts';
import { randomChunks, type SdkVersion } from './chunks.ts';
import { readByKit, readBySdk } from './oracle.ts';

const SEED = 20_261_129;
const SEQUENCES = 400;

test.each<SdkVersion>([6, 7])('makes the same message as readUIMessageStream of ai %i', async (version) => {
  for (let index = 0; index < SEQUENCES; index += 1) {
    const chunks = randomChunks(new Random(SEED + index), version);
    const byKit = readByKit(chunks, 1 + (index % 7));
    expect(byKit, `seed ${SEED + index}: ${JSON.stringify(chunks)}`).toEqual(await readBySdk(chunks, version));
  }
});

test('goes on in the middle from the parts so far and what is open in them', () => {
  for (let index = 0; index < SEQUENCES; index += 1) {
    const random = new Random(SEED + index);
    const chunks = randomChunks(random, 7);
    const half = random.below(chunks.length);
    const before = new AnswerParts();
    for (const chunk of chunks.slice(0, half)) before.add(chunk);
    const sent = JSON.parse(JSON.stringify({ parts: before.parts, open: before.open })) as AnswerParts;
    const after = new AnswerParts(sent.parts, sent.open);
    for (const chunk of chunks.slice(half)) after.add(chunk);
    expect(JSON.parse(JSON.stringify(after.parts)), `seed ${SEED + index}, cut at ${half}`).toEqual(
      readByKit(chunks).parts,
    );
  }
});

test('a part that did not change keeps its object, and so does the list', () => {
  const answer = new AnswerParts();
  answer.add({ type: 'text-start', id: 'a' });
  answer.add({ type: 'text-delta', id: 'a', delta: 'One' });
  answer.add({ type: 'text-end', id: 'a' });
  answer.add({ type: 'text-start', id: 'b' });
  const first = answer.parts;
  expect(answer.parts).toBe(first);
  answer.add({ type: 'text-delta', id: 'b', delta: 'Two' });
  expect(answer.parts).not.toBe(first);
  expect(answer.parts[0]).toBe(first[0]);
  expect(answer.parts[1]).toMatchObject({ text: 'Two' });
  expect(first[1]).toMatchObject({ text: '' });
});

test('a chunk of a kind that this version does not know changes nothing', () => {
  const answer = new AnswerParts();
  answer.add({ type: 'hologram', depth: 3 });
  answer.add({ type: 'constructor' });
  expect(answer.parts).toEqual([]);
});

test.each([
  { type: 'text-delta', id: 'a', delta: 'x' },
  { type: 'text-end', id: 'a' },
  { type: 'reasoning-delta', id: '__proto__', delta: 'x' },
  { type: 'tool-input-delta', toolCallId: 'c', inputTextDelta: 'x' },
  { type: 'tool-output-available', toolCallId: 'c', output: 1 },
  { type: 'tool-approval-request', toolCallId: 'c', approvalId: 'a' },
  { type: 'tool-approval-response', approvalId: 'a', approved: true },
  { type: 'text-start' },
  { type: 'text-start', id: 7 },
  { type: 'source-url', sourceId: 's', url: null },
  { type: 'data-x', id: {}, data: 1 },
])('a chunk out of order or out of shape is told, and changes nothing: %j', (chunk) => {
  const answer = new AnswerParts();
  answer.add({ type: 'text-start', id: 'before' });
  const { parts } = answer;
  expect(() => answer.add(chunk)).toThrow(ChunkError);
  expect(answer.parts).toBe(parts);
});

test.each([
  ['{"a": [1, {"b": "x', { a: [1, { b: 'x' }] }],
  ['{"a": tr', { a: true }],
  ['{"a": 1, "b', { a: 1 }],
  ['{"a": "\\u00', { a: '' }],
  ['[1, -', [1]],
  ['', undefined],
  ['<html>', undefined],
])('half a JSON: %s', (text, value) => {
  expect(partialJson(text)).toEqual(value);
});
