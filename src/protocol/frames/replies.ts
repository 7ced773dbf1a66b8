import * as v from 'valibot';
import { idSchema, messageSchema, seqSchema } from '../message.ts';
import { pageSizeSchema, requestIdSchema } from './common.ts';

/**
 * Asks for the replies that begin with a message: the newest, or those with `seq < beforeSeq`. Answered by `reply.listed`. New ones come
 * as `message.created` to whoever has subscribed to the thread.
 */
export const replyListSchema = v.object({
  type: v.literal('reply.list'),
  requestId: requestIdSchema,
  threadId: idSchema,
  /** The message that the replies begin with: a reply's `rootId`. */
  messageId: idSchema,
  beforeSeq: v.optional(seqSchema),
  limit: pageSizeSchema,
});

/** Answers `reply.list`: replies in ascending `seq`, fewer than `limit`, or none, where more would not fit a frame. */
export const replyListedSchema = v.object({
  type: v.literal('reply.listed'),
  requestId: requestIdSchema,
  /** The message that they begin with; null with `beforeSeq`. */
  root: v.nullable(messageSchema),
  messages: v.array(messageSchema),
  hasOlder: v.boolean(),
});
