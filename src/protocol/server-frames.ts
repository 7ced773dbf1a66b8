import * as v from 'valibot';
import { messageSchema, seqSchema, threadSchema, userSchema } from './message.ts';

const requestIdSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const durationSchema = v.number();

/** The connection is authenticated; only now is it open. `expiresInMs` is what the token has left by the server's clock. */
const authAcceptedSchema = v.object({
  type: v.literal('auth.accepted'),
  protocol: v.number(),
  user: userSchema,
  expiresInMs: durationSchema,
  serverTime: v.number(),
});

/** Answers `auth.renew`: the connection now lives by the newer token. */
const authRenewedSchema = v.object({
  type: v.literal('auth.renewed'),
  requestId: requestIdSchema,
  expiresInMs: durationSchema,
});

/** The connection's token has ≥ 25 % of its life left: renew it now. Also reaches hidden tabs, whose timers sleep. */
const authExpiringSchema = v.object({
  type: v.literal('auth.expiring'),
  expiresInMs: durationSchema,
});

/** Answers `thread.list`. */
const threadListedSchema = v.object({
  type: v.literal('thread.listed'),
  requestId: requestIdSchema,
  threads: v.array(threadSchema),
});

/** Answers `thread.subscribe`: messages in ascending `seq`, as many as fit a frame. */
const threadSubscribedSchema = v.object({
  type: v.literal('thread.subscribed'),
  requestId: requestIdSchema,
  thread: threadSchema,
  messages: v.array(messageSchema),
  /** Whether older messages than these exist before the first one. */
  hasOlder: v.boolean(),
  /** True when `afterSeq` lies further back than one page: what the client holds is no longer joined to `messages`. */
  gap: v.boolean(),
  lastSeq: seqSchema,
});

/** Answers `history.fetch`: messages in ascending `seq`, fewer than `limit` where more would not fit a frame. */
const historyPageSchema = v.object({
  type: v.literal('history.page'),
  requestId: requestIdSchema,
  threadId: v.string(),
  messages: v.array(messageSchema),
  hasOlder: v.boolean(),
});

/** Answers `message.send`: the message is stored durably, with its `seq`. */
const messageAcceptedSchema = v.object({
  type: v.literal('message.accepted'),
  requestId: requestIdSchema,
  message: messageSchema,
});

/** A new message in a subscribed thread; its sender's other connections get it too. */
const messageCreatedSchema = v.object({
  type: v.literal('message.created'),
  message: messageSchema,
});

/** A conversation of the person appeared or has a new last message. Sent once `thread.list` was asked. */
const threadUpdatedSchema = v.object({
  type: v.literal('thread.updated'),
  thread: threadSchema,
});

/** Answers a request that was refused. The connection goes on. */
const requestRefusedSchema = v.object({
  type: v.literal('request.refused'),
  /** Null when the refused frame carried none. */
  requestId: v.nullable(requestIdSchema),
  error: v.object({
    code: v.string(),
    message: v.string(),
    retryable: v.boolean(),
    retryAfterMs: v.optional(durationSchema),
  }),
});

/** Answers `ping`. */
const pongSchema = v.object({ type: v.literal('pong') });

/** Every frame a server may send. A client ignores the types that it does not know. */
export const serverFrameSchema = v.variant('type', [
  authAcceptedSchema,
  authRenewedSchema,
  authExpiringSchema,
  threadListedSchema,
  threadSubscribedSchema,
  historyPageSchema,
  messageAcceptedSchema,
  messageCreatedSchema,
  threadUpdatedSchema,
  requestRefusedSchema,
  pongSchema,
]);

export type ServerFrame = v.InferOutput<typeof serverFrameSchema>;
export type ServerFrameType = ServerFrame['type'];
export type ServerFrameOf<T extends ServerFrameType> = Extract<ServerFrame, { type: T }>;
