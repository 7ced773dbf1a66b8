import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeFrame } from './decodeFrame.ts';

const GOOD = [
  { type: 'auth.open', protocol: 1, token: 'eyJ' },
  { type: 'auth.renew', requestId: 1, token: 'eyJ' },
  { type: 'thread.list', requestId: 2 },
  { type: 'thread.subscribe', requestId: 3, threadId: 't', afterSeq: 4 },
  { type: 'thread.unsubscribe', threadId: 't' },
  { type: 'history.fetch', requestId: 5, threadId: 't', beforeSeq: 9, limit: 50 },
  { type: 'message.send', requestId: 6, threadId: 't', messageId: 'm', parts: [{ type: 'text', text: 'hi' }] },
  { type: 'ping' },
];

it.each(GOOD)('reads $type', (frame) => {
  expect(decodeFrame(JSON.stringify(frame))).toEqual({ kind: 'frame', frame });
});

it('G12 ten thousand mutated frames: none throws, each refusal has a code, and what is let through is well formed', () => {
  const value = fc.oneof(
    fc.anything({ maxDepth: 2 }),
    fc.constantFrom('t', 1, -1, 1e308, null, [], {}, 'x y', '\u0000'),
  );
  const keys = fc.constantFrom('type', 'requestId', 'threadId', 'messageId', 'parts', 'afterSeq', 'limit', '__proto__');
  const changed = fc
    .tuple(fc.constantFrom(...GOOD), fc.dictionary(keys, value, { maxKeys: 3 }))
    .map(([frame, changes]) => JSON.stringify({ ...frame, ...changes }, bigintAsText));
  const torn = fc
    .tuple(fc.constantFrom(...GOOD), fc.nat(200), fc.string())
    .map(([frame, at, noise]) => JSON.stringify(frame).slice(0, at) + noise);
  fc.assert(
    fc.property(fc.oneof(changed, torn, fc.json()), (text) => {
      const decoded = decodeFrame(text);
      if (decoded.kind === 'refused') expect(decoded.error.code).toMatch(/^(bad_request|unknown_frame|message_\w+)$/);
      if (decoded.kind === 'frame') expect(decodeFrame(JSON.stringify(decoded.frame))).toEqual(decoded);
    }),
    { numRuns: 10_000 },
  );
});

function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

it('a frame as deep as it can be within its size is read or refused, not a crash', () => {
  const deep = `{"type":"thread.list","requestId":1,"x":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
  expect(decodeFrame(deep).kind).toBe('frame');
});
