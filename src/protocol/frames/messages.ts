import * as v from 'valibot';
import { MAX_EMOJI_LENGTH, MAX_LINK_LENGTH, MAX_QUERY_LENGTH } from '../limits.ts';
import { idSchema, messageSchema, partsSchema, searchHitSchema, seqSchema } from '../message.ts';
import { cursorSchema, nextCursorSchema, pageSizeSchema, requestIdSchema } from './common.ts';

const emojiSchema = v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_EMOJI_LENGTH), v.regex(/^[^\s\p{Cc}\p{Cs}]+$/u));

/**
 * Asks for a page of messages by their place: the last ones before `beforeSeq`, the first ones after `afterSeq`, or those around
 * `aroundMessageId`, which is among them. Exactly one of the three. Answered by `history.page`.
 */
export const historyFetchSchema = v.object({
  type: v.literal('history.fetch'),
  requestId: requestIdSchema,
  threadId: idSchema,
  beforeSeq: v.optional(seqSchema),
  /** Only messages with a greater `seq`. */
  afterSeq: v.optional(seqSchema),
  aroundMessageId: v.optional(idSchema),
  limit: pageSizeSchema,
});

/** Sends a message. The client makes `messageId` (UUIDv7), so sending again after a time-out stores it once. Answered by `message.accepted`. */
export const messageSendSchema = v.object({
  type: v.literal('message.send'),
  requestId: requestIdSchema,
  threadId: idSchema,
  messageId: idSchema,
  parts: partsSchema,
  /** The id of the message that it answers: one of the same thread. */
  replyTo: v.optional(idSchema),
});

/** Replaces the parts of one's own message. Answered by `message.saved`. */
export const messageEditSchema = v.object({
  type: v.literal('message.edit'),
  requestId: requestIdSchema,
  threadId: idSchema,
  messageId: idSchema,
  parts: partsSchema,
});

/** Deletes a message: its parts and reactions go, its place stays. Answered by `message.saved`, also when it was deleted before. */
export const messageDeleteSchema = v.object({
  type: v.literal('message.delete'),
  requestId: requestIdSchema,
  threadId: idSchema,
  messageId: idSchema,
});

/**
 * Looks for messages in one thread, or in every one that the person is in or that is open. All words of the query are to be in a message, or
 * what begins with them; "quoted words" in this order; from:name narrows to an author. Nothing that can be typed is an error. Answered by
 * `message.found`.
 */
export const messageSearchSchema = v.object({
  type: v.literal('message.search'),
  requestId: requestIdSchema,
  query: v.pipe(v.string(), v.maxLength(MAX_QUERY_LENGTH)),
  /** Left out: in all of the person's threads. */
  threadId: v.optional(idSchema),
  cursor: v.optional(cursorSchema),
});

const reactionFields = {
  requestId: requestIdSchema,
  threadId: idSchema,
  messageId: idSchema,
  emoji: emojiSchema,
};

/** Answered by `message.saved`, also when the person gave this reaction before. */
export const reactionAddSchema = v.object({ type: v.literal('reaction.add'), ...reactionFields });

/** Takes one's own reaction back. Answered by `message.saved`, also when there was none. */
export const reactionRemoveSchema = v.object({ type: v.literal('reaction.remove'), ...reactionFields });

/** Takes the preview of a link out of one's own message, for everybody and for good. Answered by `message.saved`, also when there was none. */
export const previewRemoveSchema = v.object({
  type: v.literal('preview.remove'),
  requestId: requestIdSchema,
  threadId: idSchema,
  messageId: idSchema,
  /** `url` of the preview. */
  url: v.pipe(v.string(), v.maxLength(MAX_LINK_LENGTH), v.regex(/^https?:\/\/\S+$/)),
});

/** Answers `history.fetch`: messages in ascending `seq`, fewer than `limit` where more would not fit a frame. */
export const historyPageSchema = v.object({
  type: v.literal('history.page'),
  requestId: requestIdSchema,
  threadId: v.string(),
  messages: v.array(messageSchema),
  /** Whether older messages than these exist before the first one. */
  hasOlder: v.boolean(),
  /** Whether newer messages than these exist after the last one; of a page before `beforeSeq` always true. */
  hasNewer: v.boolean(),
});

/** Answers `message.send`: the message is stored durably, with its `seq`. */
export const messageAcceptedSchema = v.object({
  type: v.literal('message.accepted'),
  requestId: requestIdSchema,
  message: messageSchema,
});

/** Answers what changes a message or an answer: the message as it is now. */
export const messageSavedSchema = v.object({
  type: v.literal('message.saved'),
  requestId: requestIdSchema,
  message: messageSchema,
});

/** Answers `message.search`: the newest first. A page may hold fewer than another, or none, and still have a next one. */
export const messageFoundSchema = v.object({
  type: v.literal('message.found'),
  requestId: requestIdSchema,
  hits: v.array(searchHitSchema),
  nextCursor: nextCursorSchema,
});

/** A new message in a subscribed thread; its sender's other connections get it too. */
export const messageCreatedSchema = v.object({
  type: v.literal('message.created'),
  message: messageSchema,
});

/** A message of a subscribed thread was edited, deleted, reacted to or changed otherwise: the whole of it as it is now, with a greater `version`. */
export const messageUpdatedSchema = v.object({
  type: v.literal('message.updated'),
  message: messageSchema,
});
