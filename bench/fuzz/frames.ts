import type { ClientFrame, ClientFrameType } from '../../src/protocol/index.ts';
import type { Random } from '../../test/support/Random.ts';

/** Ids that exist, that are somebody else's, that do not exist, and that only look like ids. */
const THREADS = ['open', 'pair', 'closed', 'made-1', 'made-2', 'nowhere', 'constructor', '__proto__'];
const MESSAGES = ['m1', 'm2', 'm3', 'm4', 'toString'];
const USERS = ['fuzz-0', 'fuzz-1', 'good', 'nobody'];
const EMOJI = ['👍', '👩🏽‍🚀', '🏳️‍🌈', 'x', '\u0301'];
const TEXTS = ['hello', '𝔘𝔫𝔦𝔠𝔬𝔡𝔢', 'مرحبا', '\u202Eevil', 'a\u0000b', '👩‍👩‍👧‍👦'.repeat(20), ' ', 'x'.repeat(9_999)];

// By type, so that a new frame cannot be forgotten here.
const MAKERS: { [T in ClientFrameType]: (random: Random, token: string) => Extract<ClientFrame, { type: T }> } = {
  'auth.open': (_, token) => ({ type: 'auth.open', protocol: 1, token }),
  'auth.renew': (random, token) => ({ type: 'auth.renew', requestId: id(random), token }),
  'thread.list': (random) => ({ type: 'thread.list', requestId: id(random) }),
  'thread.fetch': (random) => ({ type: 'thread.fetch', ...thread(random) }),
  'thread.create': (random) => ({
    type: 'thread.create',
    ...thread(random),
    title: random.pick(TEXTS).slice(0, 200),
    access: random.pick(['open', 'members']),
    memberIds: [random.pick(USERS)],
  }),
  'thread.rename': (random) => ({ type: 'thread.rename', ...thread(random), title: random.pick(TEXTS).slice(0, 200) }),
  'thread.join': (random) => ({ type: 'thread.join', ...thread(random) }),
  'thread.leave': (random) => ({ type: 'thread.leave', ...thread(random) }),
  'thread.mute': (random) => ({ type: 'thread.mute', ...thread(random) }),
  'thread.unmute': (random) => ({ type: 'thread.unmute', ...thread(random) }),
  'thread.archive': (random) => ({ type: 'thread.archive', ...thread(random) }),
  'thread.unarchive': (random) => ({ type: 'thread.unarchive', ...thread(random) }),
  'thread.subscribe': (random) => ({ type: 'thread.subscribe', ...thread(random), afterSeq: random.below(50) }),
  'thread.unsubscribe': (random) => ({ type: 'thread.unsubscribe', threadId: random.pick(THREADS) }),
  'typing.send': (random) => ({ type: 'typing.send', threadId: random.pick(THREADS), active: random.below(2) === 0 }),
  'presence.subscribe': (random) => ({
    type: 'presence.subscribe',
    requestId: id(random),
    userIds: ['user-1', 'user-2'],
  }),
  'presence.unsubscribe': () => ({ type: 'presence.unsubscribe', userIds: ['user-1'] }),
  'member.list': (random) => ({ type: 'member.list', ...thread(random) }),
  'member.save': (random) => ({
    type: 'member.save',
    ...thread(random),
    userId: random.pick(USERS),
    role: random.pick(['owner', 'member', 'agent', 'readonly']),
  }),
  'member.remove': (random) => ({ type: 'member.remove', ...thread(random), userId: random.pick(USERS) }),
  'history.fetch': (random) => ({
    type: 'history.fetch',
    ...thread(random),
    ...random.pick([
      { beforeSeq: random.below(99) },
      { afterSeq: random.below(99) },
      { aroundMessageId: message(random).messageId },
    ]),
    limit: 5,
  }),
  'message.send': (random) => ({ type: 'message.send', ...message(random), parts: parts(random) }),
  'message.edit': (random) => ({ type: 'message.edit', ...message(random), parts: parts(random) }),
  'message.delete': (random) => ({ type: 'message.delete', ...message(random) }),
  'message.search': (random) => ({
    type: 'message.search',
    requestId: message(random).requestId,
    query: random.pick(['hello', '"a b', 'from:ada x', '東京', "' or 1=1 --"]),
  }),
  'people.search': (random) => ({
    type: 'people.search',
    requestId: id(random),
    query: random.pick(['', 'a', 'fuzz', "' or 1=1 --", '%_']),
  }),
  'reaction.add': (random) => ({ type: 'reaction.add', ...message(random), emoji: random.pick(EMOJI) }),
  'reaction.remove': (random) => ({ type: 'reaction.remove', ...message(random), emoji: random.pick(EMOJI) }),
  'message.pin': (random) => ({ type: 'message.pin', ...message(random) }),
  'message.unpin': (random) => ({ type: 'message.unpin', ...message(random) }),
  'preview.remove': (random) => ({ type: 'preview.remove', ...message(random), url: 'https://docs.example/' }),
  'message.report': (random) => ({ type: 'message.report', ...message(random), reason: 'spam', note: 'x' }),
  'report.list': (random) => ({ type: 'report.list', ...thread(random) }),
  'report.dismiss': (random) => ({ type: 'report.dismiss', ...message(random) }),
  'handover.request': (random) => ({ type: 'handover.request', ...thread(random), reason: 'x' }),
  'handover.cancel': (random) => ({ type: 'handover.cancel', ...thread(random) }),
  'handover.take': (random) => ({ type: 'handover.take', ...thread(random) }),
  'handover.return': (random) => ({ type: 'handover.return', ...thread(random) }),
  'inbox.list': (random) => ({
    type: 'inbox.list',
    requestId: id(random),
    of: random.pick(['waiting', 'mine'] as const),
  }),
  'pin.list': (random) => ({ type: 'pin.list', ...thread(random) }),
  'reply.list': (random) => ({ type: 'reply.list', ...message(random), limit: 10 }),
  'answer.stop': (random) => ({ type: 'answer.stop', ...message(random) }),
  'answer.retry': (random) => ({ type: 'answer.retry', ...message(random) }),
  'answer.rate': (random) => ({
    type: 'answer.rate',
    ...message(random),
    rating: { value: 'bad', reason: 'No.' },
  }),
  'answer.resume': (random) => ({ type: 'answer.resume', ...message(random) }),
  'tool.decide': (random) => ({
    type: 'tool.decide',
    ...message(random),
    approvalId: random.pick(MESSAGES),
    approved: random.chance(0.5),
    reason: random.pick(TEXTS).slice(0, 1_000),
  }),
  'part.act': (random) => ({
    type: 'part.act',
    ...message(random),
    partId: random.pick(MESSAGES),
    actionId: random.pick(MESSAGES),
    data: { type: 'press', payload: random.pick(TEXTS).slice(0, 1_000) },
  }),
  'receipt.send': (random) => ({ type: 'receipt.send', ...thread(random), readSeq: random.below(99) }),
  'receipt.list': (random) => ({ type: 'receipt.list', ...thread(random) }),
  'attachment.link': (random) => ({ type: 'attachment.link', ...thread(random), attachmentId: 'a1' }),
  ping: () => ({ type: 'ping' }),
};
export const FRAME_TYPES = Object.keys(MAKERS) as ClientFrameType[];

/** A frame as the protocol describes it. */
export function validFrame(type: ClientFrameType, random: Random, token: string): ClientFrame {
  return MAKERS[type](random, token);
}

function id(random: Random): number {
  return random.below(1_000_000);
}

function thread(random: Random) {
  return { requestId: id(random), threadId: random.pick(THREADS) };
}

function message(random: Random) {
  return { ...thread(random), messageId: random.pick(MESSAGES) };
}

function parts(random: Random) {
  const text = { type: 'text' as const, text: random.pick(TEXTS) };
  return random.chance(0.2) ? [text, { type: 'file' as const, attachmentId: 'a1' }] : [text];
}
