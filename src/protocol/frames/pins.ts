import * as v from 'valibot';
import { idSchema, messageSchema } from '../message.ts';
import { requestIdSchema } from './common.ts';

/** Keeps a message in sight of everybody in the thread. Answered by `message.saved`, also when it was pinned before. */
export const messagePinSchema = v.object({
  type: v.literal('message.pin'),
  requestId: requestIdSchema,
  threadId: idSchema,
  messageId: idSchema,
});

/** Takes that back. Answered by `message.saved`, also when it was not pinned. */
export const messageUnpinSchema = v.object({
  type: v.literal('message.unpin'),
  requestId: requestIdSchema,
  threadId: idSchema,
  messageId: idSchema,
});

/**
 * Asks for the pinned messages of a thread. Answered by `pin.listed`. What changes about them comes as `message.updated` to whoever has
 * subscribed to the thread.
 */
export const pinListSchema = v.object({ type: v.literal('pin.list'), requestId: requestIdSchema, threadId: idSchema });

/** Answers `pin.list`: previews, their texts cut short, the last pinned first; as many as fit a frame. */
export const pinListedSchema = v.object({
  type: v.literal('pin.listed'),
  requestId: requestIdSchema,
  messages: v.array(messageSchema),
});
