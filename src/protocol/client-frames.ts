import * as v from 'valibot';
import { MAX_PAGE_SIZE } from './limits.ts';
import { idSchema, partsSchema, seqSchema } from './message.ts';

/** Chosen by the client, unique within a connection; the answer carries it back. */
const requestIdSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const tokenSchema = v.pipe(v.string(), v.nonEmpty());

/** The first frame on every connection. Answered by `auth.accepted`, or by closing with `token_refused`. */
const authOpenSchema = v.object({
  type: v.literal('auth.open'),
  protocol: v.number(),
  token: tokenSchema,
});

/** A newer token for this connection, same `sub` and `sid`. Answered by `auth.renewed`, or by closing with `token_refused`. */
const authRenewSchema = v.object({
  type: v.literal('auth.renew'),
  requestId: requestIdSchema,
  token: tokenSchema,
});

/** Asks for the person's conversations, the latest first. Answered by `thread.listed`; `thread.updated` follows for each change. */
const threadListSchema = v.object({
  type: v.literal('thread.list'),
  requestId: requestIdSchema,
});

/**
 * Opens a thread for live messages. With `afterSeq`, the answer holds what came after it, or, if that is more than one page,
 * the newest page with `gap: true`. Answered by `thread.subscribed`.
 */
const threadSubscribeSchema = v.object({
  type: v.literal('thread.subscribe'),
  requestId: requestIdSchema,
  threadId: idSchema,
  afterSeq: v.optional(seqSchema),
});

/** Ends the live messages of a thread. Not answered. */
const threadUnsubscribeSchema = v.object({
  type: v.literal('thread.unsubscribe'),
  threadId: idSchema,
});

/** Asks for older messages: those with `seq < beforeSeq`. Answered by `history.page`. */
const historyFetchSchema = v.object({
  type: v.literal('history.fetch'),
  requestId: requestIdSchema,
  threadId: idSchema,
  beforeSeq: seqSchema,
  limit: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_PAGE_SIZE)),
});

/** Sends a message. The client makes `messageId` (UUIDv7), so sending again after a time-out stores it once. Answered by `message.accepted`. */
const messageSendSchema = v.object({
  type: v.literal('message.send'),
  requestId: requestIdSchema,
  threadId: idSchema,
  messageId: idSchema,
  parts: partsSchema,
});

/** Asks whether the other side is alive. Answered by `pong`. */
const pingSchema = v.object({ type: v.literal('ping') });

/** Every frame a client may send. The server validates each and refuses an unknown type by name (`unknown_frame`). */
export const clientFrameSchema = v.variant('type', [
  authOpenSchema,
  authRenewSchema,
  threadListSchema,
  threadSubscribeSchema,
  threadUnsubscribeSchema,
  historyFetchSchema,
  messageSendSchema,
  pingSchema,
]);

export type ClientFrame = v.InferOutput<typeof clientFrameSchema>;
export type ClientFrameType = ClientFrame['type'];

/** Every frame a client may send and get answered, with the answer. */
export interface RequestAnswers {
  'auth.renew': 'auth.renewed';
  'thread.list': 'thread.listed';
  'thread.subscribe': 'thread.subscribed';
  'history.fetch': 'history.page';
  'message.send': 'message.accepted';
}
