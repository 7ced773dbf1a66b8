import { FRAME_TYPES, validFrame } from './frames.ts';
import type { Random } from '../../test/support/Random.ts';

/** What is sent: text, in as many fragments as there are pieces, or bytes as a binary message. */
export type Shot =
  { kind: 'text'; mutation: string; pieces: Buffer[] } | { kind: 'binary'; mutation: string; bytes: Buffer };

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  '',
  ' ',
  -1,
  0.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  [],
  {},
  [[]],
  'x'.repeat(300),
  '\u0000',
  '\uFEFF',
  '\u202E',
  'a b',
  '../../etc/passwd',
  "'; drop table messages; --",
  '${7*7}',
  'constructor',
  { toString: 1 },
  { $ne: null },
  Array(70).fill({ type: 'text', text: 'x' }),
];
/** Most of them end the connection, and a new one takes much longer than a frame: they are drawn less often. */
const AUTH_TYPES = FRAME_TYPES.filter((type) => type.startsWith('auth.'));
const REQUEST_TYPES = FRAME_TYPES.filter((type) => !type.startsWith('auth.'));
const KEYS = ['type', 'requestId', 'threadId', 'messageId', 'parts', 'token', 'limit', 'emoji', 'x'];
/** JSON that cannot be written by `JSON.stringify`. */
const RAW_VALUES = [
  '1e999',
  '-0',
  '1E400',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '0.1e-400',
  '"\\u0000"',
  '12345678901234567890',
];

type Json = Record<string, unknown>;
type Mutation = (frame: Json, random: Random) => string | Buffer;

/** Those that leave JSON: the frame can be refused by its id. */
const STRUCTURAL: Record<string, Mutation> = {
  none: (frame) => JSON.stringify(frame),
  'odd value': (frame, random) => JSON.stringify({ ...frame, [keyOf(frame, random)]: random.pick(ODD_VALUES) }),
  'odd value inside': (frame, random) => {
    const parts = [{ type: random.pick(['text', 'file', 'image', 1]), text: random.pick(ODD_VALUES) }];
    return JSON.stringify({ ...frame, parts });
  },
  'missing field': (frame, random) => JSON.stringify({ ...frame, [keyOf(frame, random)]: undefined }),
  'another type': (frame, random) => JSON.stringify({ ...frame, type: random.pick(FRAME_TYPES) }),
  'unknown type': (frame, random) => {
    const type = random.pick(['thread.explode', '__proto__', 'constructor', 'hasOwnProperty', '', 'x'.repeat(5_000)]);
    return JSON.stringify({ ...frame, type });
  },
  'extra fields': (frame, random) => JSON.stringify({ ...frame, [random.pick(KEYS) + '2']: random.pick(ODD_VALUES) }),
  'prototype keys': (frame, random) => {
    const key = random.pick(['__proto__', 'constructor', 'prototype']);
    return insert(JSON.stringify(frame), `"${key}":{"isAdmin":true,"type":"ping","toString":1}`);
  },
  'duplicate keys': (frame, random) => {
    const key = random.pick(KEYS);
    return insert(JSON.stringify(frame), `"${key}":${JSON.stringify(random.pick(ODD_VALUES))}`);
  },
  'raw values': (frame, random) =>
    insert(JSON.stringify(frame), `"${keyOf(frame, random)}":${random.pick(RAW_VALUES)}`),
  'deep nesting': (frame, random) => {
    const depth = 1 + random.below(20_000);
    const [open, close] = random.pick([
      ['[', ']'],
      ['{"a":', '}'],
    ]);
    const value = `${open.repeat(depth)}1${close.repeat(depth)}`;
    return insert(JSON.stringify(frame), `"${keyOf(frame, random)}":${value}`).slice(0, 65_000);
  },
  'white space': (frame, random) => JSON.stringify(frame, null, random.below(10)),
};
/** Those that tear the text itself. */
const TEXTUAL: Record<string, Mutation> = {
  'bit flips': (frame, random) => {
    const bytes = Buffer.from(JSON.stringify(frame));
    for (let n = 1 + random.below(4); n > 0; n--) bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
    return bytes;
  },
  truncated: (frame, random) => {
    const text = JSON.stringify(frame);
    return text.slice(0, random.below(text.length));
  },
  'no object': (_, random) =>
    random.pick(['null', '[]', '1', '"ping"', 'true', '', 'NaN', '{}', '{"type":1}', '\uFEFF{}']),
  'two at once': (frame) => JSON.stringify(frame) + JSON.stringify(frame),
  noise: (_, random) => Buffer.from(Array.from({ length: random.below(200) }, () => random.below(256))),
  'too large': (frame, random) => JSON.stringify({ ...frame, x: 'x'.repeat(65_536 + random.below(100)) }),
};

export function nextShot(random: Random, token: string): Shot {
  const type = random.pick(random.chance(0.03) ? AUTH_TYPES : REQUEST_TYPES);
  const frame = validFrame(type, random, random.chance(0.3) ? 'eyJ.nonsense.x' : token) as unknown as Json;
  const mutations = random.chance(0.95) ? STRUCTURAL : TEXTUAL;
  const mutation = random.pick(Object.keys(mutations));
  const bytes = Buffer.from(mutations[mutation]!(frame, random) as string);
  if (random.chance(0.01)) return { kind: 'binary', mutation: `${mutation}, binary`, bytes };
  if (random.chance(0.03)) return { kind: 'text', mutation: `${mutation}, fragmented`, pieces: cut(bytes, random) };
  return { kind: 'text', mutation, pieces: [bytes] };
}

function keyOf(frame: Json, random: Random): string {
  const keys = Object.keys(frame).filter((key) => key !== 'requestId' || random.chance(0.1));
  return random.pick(keys);
}

/** Adds a member at the end of a JSON object; of two with one name the last one counts. */
function insert(object: string, member: string): string {
  return `${object.slice(0, -1)},${member}}`;
}

function cut(bytes: Buffer, random: Random): Buffer[] {
  const count = 1 + random.below(random.chance(0.1) ? 100 : 10);
  const size = Math.max(1, Math.ceil(bytes.length / count));
  const pieces: Buffer[] = [];
  for (let n = 0; n < count; n++) pieces.push(bytes.subarray(n * size, (n + 1) * size));
  return pieces;
}
