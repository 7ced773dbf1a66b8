import type { ClientFrameType } from './client-frames.ts';

/** Every frame that is answered, with its answer. */
export const REQUEST_ANSWERS = {
  'auth.renew': 'auth.renewed',
  'thread.list': 'thread.listed',
  'thread.subscribe': 'thread.subscribed',
  'thread.fetch': 'thread.saved',
  'thread.create': 'thread.saved',
  'thread.rename': 'thread.saved',
  'thread.join': 'thread.saved',
  'thread.leave': 'request.done',
  'member.list': 'member.listed',
  'member.save': 'member.saved',
  'member.remove': 'request.done',
  'history.fetch': 'history.page',
  'message.send': 'message.accepted',
  'message.edit': 'message.saved',
  'message.delete': 'message.saved',
  'message.search': 'message.found',
  'reaction.add': 'message.saved',
  'reaction.remove': 'message.saved',
  'message.pin': 'message.saved',
  'message.unpin': 'message.saved',
  'pin.list': 'pin.listed',
  'reply.list': 'reply.listed',
  'answer.stop': 'message.saved',
  'answer.retry': 'message.saved',
  'answer.resume': 'answer.resumed',
  'tool.decide': 'message.saved',
  'receipt.send': 'thread.saved',
  'receipt.list': 'receipt.listed',
  'attachment.link': 'attachment.linked',
} as const satisfies Partial<Record<ClientFrameType, string>>;

export type RequestAnswers = typeof REQUEST_ANSWERS;
