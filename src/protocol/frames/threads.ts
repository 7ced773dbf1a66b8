import * as v from 'valibot';
import { MAX_MEMBERS_INVITED, MAX_TITLE_LENGTH } from '../limits.ts';
import { accessSchema, idSchema, messageSchema, seqSchema, threadSchema } from '../message.ts';
import { cursorSchema, nextCursorSchema, requestIdSchema } from './common.ts';

const titleSchema = v.pipe(v.string(), v.maxLength(MAX_TITLE_LENGTH));

/**
 * Asks for a page of the person's conversations, the latest first: those that they have not archived, or only those. Answered by
 * `thread.listed`; from the first page on, `thread.updated` and `thread.removed` follow for each change of either kind.
 */
export const threadListSchema = v.object({
  type: v.literal('thread.list'),
  requestId: requestIdSchema,
  cursor: v.optional(cursorSchema),
  /** Default false. A cursor goes on in the list that it came from. */
  archived: v.optional(v.boolean()),
});

/** Asks for a thread as the person sees it, with what is theirs alone. Answered by `thread.saved`. */
export const threadFetchSchema = v.object({
  type: v.literal('thread.fetch'),
  requestId: requestIdSchema,
  threadId: idSchema,
});

/**
 * Makes a thread, with whoever asks as its owner. The client makes `threadId` (UUIDv7), so asking again after a time-out makes it
 * once. Answered by `thread.saved`.
 */
export const threadCreateSchema = v.object({
  type: v.literal('thread.create'),
  requestId: requestIdSchema,
  threadId: idSchema,
  title: titleSchema,
  access: accessSchema,
  /** Ids of others, who become members. */
  memberIds: v.pipe(v.array(idSchema), v.maxLength(MAX_MEMBERS_INVITED)),
});

/** Renames a thread. Answered by `thread.saved`. */
export const threadRenameSchema = v.object({
  type: v.literal('thread.rename'),
  requestId: requestIdSchema,
  threadId: idSchema,
  title: titleSchema,
});

/** Becomes a member of an open thread. Answered by `thread.saved`, also when one was a member before. */
export const threadJoinSchema = v.object({
  type: v.literal('thread.join'),
  requestId: requestIdSchema,
  threadId: idSchema,
});

/** Is a member no longer. Its last owner cannot leave others behind without one. Answered by `request.done`. */
export const threadLeaveSchema = v.object({
  type: v.literal('thread.leave'),
  requestId: requestIdSchema,
  threadId: idSchema,
});

const ownFields = { requestId: requestIdSchema, threadId: idSchema };

/**
 * From now on the thread's messages draw no attention of this person, and count in no total. Theirs alone: nobody else is told. Answered by
 * `thread.saved`, also when it was muted before.
 */
export const threadMuteSchema = v.object({ type: v.literal('thread.mute'), ...ownFields });

/** Takes that back. Answered by `thread.saved`. */
export const threadUnmuteSchema = v.object({ type: v.literal('thread.unmute'), ...ownFields });

/**
 * Puts the thread away for this person: out of their list until its next message, or for good where it is muted. Nobody else is told.
 * Answered by `thread.saved`.
 */
export const threadArchiveSchema = v.object({ type: v.literal('thread.archive'), ...ownFields });

/** Takes that back. Answered by `thread.saved`. */
export const threadUnarchiveSchema = v.object({ type: v.literal('thread.unarchive'), ...ownFields });

/**
 * Opens a thread for live messages. With `afterSeq`, the place in the log up to which the client knows everything, the answer holds
 * the messages that came or changed after it, or, if that is more than one page, the newest page with `gap: true`. Answered by
 * `thread.subscribed`.
 */
export const threadSubscribeSchema = v.object({
  type: v.literal('thread.subscribe'),
  requestId: requestIdSchema,
  threadId: idSchema,
  afterSeq: v.optional(seqSchema),
});

/** Ends the live messages of a thread. Not answered. */
export const threadUnsubscribeSchema = v.object({
  type: v.literal('thread.unsubscribe'),
  threadId: idSchema,
});

/** Answers `thread.list`, and `inbox.list`. */
export const threadListedSchema = v.object({
  type: v.literal('thread.listed'),
  requestId: requestIdSchema,
  threads: v.array(threadSchema),
  nextCursor: nextCursorSchema,
});

/** Answers `receipt.send` and every request about a thread that has no answer of its own: the thread as it is to the person then. */
export const threadSavedSchema = v.object({
  type: v.literal('thread.saved'),
  requestId: requestIdSchema,
  thread: threadSchema,
});

/**
 * Answers `thread.subscribe`. With `gap: false` after an `afterSeq`: every message that came or changed since, in ascending `version`;
 * else the newest page, in ascending `seq`, as many as fit a frame.
 */
export const threadSubscribedSchema = v.object({
  type: v.literal('thread.subscribed'),
  requestId: requestIdSchema,
  thread: threadSchema,
  messages: v.array(messageSchema),
  /** Whether older messages than these exist before the first one. */
  hasOlder: v.boolean(),
  /** True when `afterSeq` lies further back than one page: what the client holds is no longer joined to `messages`. */
  gap: v.boolean(),
  /** The place in the log up to which the client now knows everything that its messages hold. */
  lastSeq: seqSchema,
});

/** The person may no longer read a thread: it left the list, and a subscription to it has ended. */
export const threadRemovedSchema = v.object({
  type: v.literal('thread.removed'),
  threadId: idSchema,
});

/**
 * A conversation of the person appeared, has a new last message, or is another one to them. Sent once `thread.list` was asked; of a subscribed
 * thread that was handed over or back, in any case.
 */
export const threadUpdatedSchema = v.object({
  type: v.literal('thread.updated'),
  thread: threadSchema,
});
