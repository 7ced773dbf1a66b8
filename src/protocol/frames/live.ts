import * as v from 'valibot';
import { MAX_PRESENCES } from '../limits.ts';
import { idSchema, presenceSchema, receiptSchema, seqSchema, userSchema } from '../message.ts';
import { requestIdSchema } from './common.ts';

/**
 * Says that the person has seen a thread's messages up to a place. A smaller one than before, or one beyond the newest message, does no
 * harm. Answered by `thread.saved`; the others hear of it by `receipt.updated`, the person's other connections by `thread.updated`.
 */
export const receiptSendSchema = v.object({
  type: v.literal('receipt.send'),
  requestId: requestIdSchema,
  threadId: idSchema,
  readSeq: seqSchema,
});

/** Asks who has read how far, those who have read furthest first. Answered by `receipt.listed`. */
export const receiptListSchema = v.object({
  type: v.literal('receipt.list'),
  requestId: requestIdSchema,
  threadId: idSchema,
});

/**
 * The person writes, or no longer does. While they go on it is sent again, every 3 s or so, for whoever reads forgets it after
 * `TYPING_LIFE_MS`. It is never stored, and said once more within 2 s it is told to nobody. Not answered.
 */
export const typingSendSchema = v.object({
  type: v.literal('typing.send'),
  threadId: idSchema,
  /** False once they have sent it, or given up. */
  active: v.boolean(),
});

const presenceUserIdsSchema = v.pipe(v.array(idSchema), v.nonEmpty(), v.maxLength(MAX_PRESENCES));

/**
 * Asks whether people are here, and to be told of their coming and going. Answered by `presence.listed`; `presence.updated` follows for
 * each change. One sees only those with whom one is a member of a thread; where the server tells of nobody, of nobody.
 */
export const presenceSubscribeSchema = v.object({
  type: v.literal('presence.subscribe'),
  requestId: requestIdSchema,
  /** In addition to those asked for before. */
  userIds: presenceUserIdsSchema,
});

/** Ends that. Not answered. */
export const presenceUnsubscribeSchema = v.object({
  type: v.literal('presence.unsubscribe'),
  /** Of whom no more is to be told. */
  userIds: presenceUserIdsSchema,
});

/** Answers `receipt.list`: at most `MAX_RECEIPTS`, the person's own too. */
export const receiptListedSchema = v.object({
  type: v.literal('receipt.listed'),
  requestId: requestIdSchema,
  receipts: v.array(receiptSchema),
});

/** Answers `presence.subscribe`: of whom one may see it. Of somebody on another node of the server, it may follow a moment later. */
export const presenceListedSchema = v.object({
  type: v.literal('presence.listed'),
  requestId: requestIdSchema,
  /** Who cannot be seen, or does not exist, is left out. */
  presences: v.array(presenceSchema),
});

/** Somebody came or went whom `presence.subscribe` asked for. */
export const presenceUpdatedSchema = v.object({
  type: v.literal('presence.updated'),
  presence: presenceSchema,
});

/**
 * People have read further in a subscribed thread. Many at once come together and some moments late; of more than `MAX_RECEIPTS` only
 * those who have read furthest.
 */
export const receiptUpdatedSchema = v.object({
  type: v.literal('receipt.updated'),
  threadId: idSchema,
  receipts: v.array(receiptSchema),
});

/**
 * Somebody writes in a subscribed thread, or no longer does. Forget it after `TYPING_LIFE_MS`, and with their next message: who goes away
 * in the middle says no more. Never stored, and not told of oneself; of more than `MAX_TYPING` at once only those who began first.
 */
export const typingUpdatedSchema = v.object({
  type: v.literal('typing.updated'),
  threadId: idSchema,
  user: userSchema,
  /** Whether they write now. */
  active: v.boolean(),
});
