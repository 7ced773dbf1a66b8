import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ClientFrame, ClientFrameType } from '../../protocol/index.ts';
import { decodeFrame } from './decodeFrame.ts';

const inThread = { requestId: 3, threadId: 't' };
const parts = [
  { type: 'text' as const, text: 'hi' },
  { type: 'file' as const, attachmentId: 'a' },
];

// By type, so that a new frame cannot be forgotten here.
const GOOD_BY_TYPE: { [T in ClientFrameType]: Extract<ClientFrame, { type: T }> } = {
  'auth.open': { type: 'auth.open', protocol: 1, token: 'eyJ' },
  'auth.renew': { type: 'auth.renew', requestId: 1, token: 'eyJ' },
  'thread.list': { type: 'thread.list', requestId: 2, cursor: 'c', archived: true },
  'thread.fetch': { type: 'thread.fetch', ...inThread },
  'thread.create': { type: 'thread.create', ...inThread, title: 'T', access: 'members', memberIds: ['u'] },
  'thread.rename': { type: 'thread.rename', ...inThread, title: 'T' },
  'thread.join': { type: 'thread.join', ...inThread },
  'thread.leave': { type: 'thread.leave', ...inThread },
  'thread.mute': { type: 'thread.mute', ...inThread },
  'thread.unmute': { type: 'thread.unmute', ...inThread },
  'thread.archive': { type: 'thread.archive', ...inThread },
  'thread.unarchive': { type: 'thread.unarchive', ...inThread },
  'thread.subscribe': { type: 'thread.subscribe', ...inThread, afterSeq: 4 },
  'thread.unsubscribe': { type: 'thread.unsubscribe', threadId: 't' },
  'typing.send': { type: 'typing.send', threadId: 't', active: true },
  'presence.subscribe': { type: 'presence.subscribe', requestId: 3, userIds: ['u'] },
  'presence.unsubscribe': { type: 'presence.unsubscribe', userIds: ['u'] },
  'member.list': { type: 'member.list', ...inThread, cursor: 'c' },
  'member.save': { type: 'member.save', ...inThread, userId: 'u', role: 'agent' },
  'member.remove': { type: 'member.remove', ...inThread, userId: 'u' },
  'history.fetch': { type: 'history.fetch', ...inThread, beforeSeq: 9, limit: 50 },
  'message.send': { type: 'message.send', ...inThread, messageId: 'm', parts, replyTo: 'm0' },
  'message.edit': { type: 'message.edit', ...inThread, messageId: 'm', parts },
  'message.delete': { type: 'message.delete', ...inThread, messageId: 'm' },
  'people.search': { type: 'people.search', requestId: 1, query: 'be' },
  'message.search': { type: 'message.search', ...inThread, query: 'late "the order"', cursor: 'c' },
  'reaction.add': { type: 'reaction.add', ...inThread, messageId: 'm', emoji: '👍🏽' },
  'reaction.remove': { type: 'reaction.remove', ...inThread, messageId: 'm', emoji: '👍🏽' },
  'message.pin': { type: 'message.pin', ...inThread, messageId: 'm' },
  'message.unpin': { type: 'message.unpin', ...inThread, messageId: 'm' },
  'preview.remove': { type: 'preview.remove', ...inThread, messageId: 'm', url: 'https://docs.example/' },
  'message.report': { type: 'message.report', ...inThread, messageId: 'm', reason: 'private', note: 'why' },
  'report.list': { type: 'report.list', ...inThread },
  'report.dismiss': { type: 'report.dismiss', ...inThread, messageId: 'm' },
  'handover.request': { type: 'handover.request', ...inThread, reason: 'why' },
  'handover.cancel': { type: 'handover.cancel', ...inThread },
  'handover.take': { type: 'handover.take', ...inThread },
  'handover.return': { type: 'handover.return', ...inThread },
  'inbox.list': { type: 'inbox.list', requestId: 1, of: 'mine', cursor: 'c' },
  'pin.list': { type: 'pin.list', ...inThread },
  'reply.list': { type: 'reply.list', ...inThread, messageId: 'm', beforeSeq: 3, limit: 10 },
  'answer.stop': { type: 'answer.stop', ...inThread, messageId: 'm' },
  'answer.retry': { type: 'answer.retry', ...inThread, messageId: 'm' },
  'answer.rate': { type: 'answer.rate', ...inThread, messageId: 'm', rating: { value: 'bad', reason: 'No.' } },
  'answer.resume': { type: 'answer.resume', ...inThread, messageId: 'm' },
  'tool.decide': {
    type: 'tool.decide',
    ...inThread,
    messageId: 'm',
    approvalId: 'a',
    approved: false,
    reason: 'Too dear',
  },
  'part.act': {
    type: 'part.act',
    ...inThread,
    ...{ messageId: 'm', partId: 'p', actionId: 'a', data: { type: 'order.track', payload: [1] } },
  },
  'receipt.send': { type: 'receipt.send', ...inThread, readSeq: 3 },
  'receipt.list': { type: 'receipt.list', ...inThread },
  'attachment.link': { type: 'attachment.link', ...inThread, attachmentId: 'a' },
  ping: { type: 'ping' },
};
const GOOD = Object.values(GOOD_BY_TYPE);
const OPTIONAL = new Set([
  'afterSeq',
  'cursor',
  'replyTo',
  'note',
  'tool.decide reason',
  'answer.rate rating',
  'thread.list archived',
  'reply.list beforeSeq',
  'message.search threadId',
  'history.fetch beforeSeq',
  'handover.request reason',
]);
const fields = GOOD.flatMap((frame) =>
  Object.keys(frame)
    .filter((field) => field !== 'type' && field !== 'requestId')
    .map((field) => ({ type: frame.type, field, frame: frame })),
);

it.each(GOOD)('reads $type', (frame) => {
  expect(decodeFrame(JSON.stringify(frame))).toEqual({ kind: 'frame', frame });
});

it.each(fields)('G9 $type with a wrong $field, or none, is not let through', ({ frame, field }) => {
  const answered = 'requestId' in frame;
  for (const wrong of [undefined, null, {}, [], true, -1, 1.5, '', ' ', 'x'.repeat(70_000), [{}], '\u0007']) {
    if (wrong === undefined && (OPTIONAL.has(field) || OPTIONAL.has(`${frame.type} ${field}`))) continue;
    // These are good values of some fields.
    if (field === 'title' && typeof wrong === 'string' && wrong.length <= 200) continue;
    if (field === 'memberIds' && Array.isArray(wrong) && wrong.length === 0) continue;
    if (['token', 'cursor'].includes(field) && typeof wrong === 'string' && /^.{1,512}$/.test(wrong)) continue;
    if (field === 'query' && typeof wrong === 'string' && wrong.length <= 200) continue;
    if (field === 'token' && typeof wrong === 'string' && wrong !== '') continue;
    if (field === 'data') continue; // Any JSON.
    if (field === 'partId' && typeof wrong === 'string' && /^[^]{1,512}$/.test(wrong)) continue;
    if (field === 'approvalId' && typeof wrong === 'string' && /^[^]{1,512}$/.test(wrong)) continue;
    if (
      /^(tool.decide|handover.request) reason$/.test(`${frame.type} ${field}`) &&
      typeof wrong === 'string' &&
      wrong.length <= 1_000
    )
      continue;
    if (field === 'note' && typeof wrong === 'string' && wrong.length <= 1_000) continue;
    if (['approved', 'archived', 'active'].includes(field) && typeof wrong === 'boolean') continue;
    if (field === 'protocol' && typeof wrong === 'number') continue;
    const decoded = decodeFrame(JSON.stringify({ ...frame, [field]: wrong }));
    expect(decoded.kind, JSON.stringify(wrong)).toBe(answered ? 'refused' : 'malformed');
    if (decoded.kind === 'refused') expect(decoded.error.code).toBe('bad_request');
  }
});

it.each(['message.send', 'message.edit'] as const)('%s holds something to read, and not too much of it', (type) => {
  const codeOf = (...given: object[]) => {
    const decoded = decodeFrame(JSON.stringify({ ...GOOD_BY_TYPE[type], parts: given }));
    return decoded.kind === 'refused' ? decoded.error.code : decoded.kind;
  };
  const text = (value: string) => ({ type: 'text', text: value });
  expect(codeOf(text(' \n'))).toBe('message_empty');
  expect(codeOf(text(''), text('\t'))).toBe('message_empty');
  expect(codeOf({ type: 'file', attachmentId: 'a' })).toBe('frame');
  expect(codeOf(text(''), { type: 'file', attachmentId: 'a' })).toBe('frame');
  expect(codeOf(text('x'.repeat(10_000)))).toBe('frame');
  expect(codeOf(text('x'.repeat(10_001)))).toBe('message_too_long');
  expect(codeOf(text('x'.repeat(9_999)), text('yz'))).toBe('message_too_long');
});

it.each(['__proto__', 'constructor', 'toString', 'thread.explode', ''])('knows no frame of type %j', (type) => {
  expect(decodeFrame(JSON.stringify({ type, requestId: 1 }))).toMatchObject({
    kind: 'refused',
    requestId: 1,
    error: { code: 'unknown_frame' },
  });
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
