import * as v from 'valibot';
import { ratingSchema } from './answer.ts';
import {
  MAX_EMOJI_LENGTH,
  MAX_LINK_LENGTH,
  MAX_MEMBERS_INVITED,
  MAX_PAGE_SIZE,
  MAX_PRESENCES,
  MAX_QUERY_LENGTH,
  MAX_REASON_LENGTH,
  MAX_TITLE_LENGTH,
} from './limits.ts';
import { accessSchema, idSchema, partsSchema, roleSchema, seqSchema } from './message.ts';
import { reportReasonSchema } from './report.ts';

/** Chosen by the client, unique within a connection; the answer carries it back. */
const requestIdSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const tokenSchema = v.pipe(v.string(), v.nonEmpty());
const pageSizeSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MAX_PAGE_SIZE));
/** Where the page before ended, as its answer said; opaque. */
const cursorSchema = v.pipe(v.string(), v.nonEmpty(), v.maxLength(512));
const titleSchema = v.pipe(v.string(), v.maxLength(MAX_TITLE_LENGTH));
const emojiSchema = v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_EMOJI_LENGTH), v.regex(/^[^\s\p{Cc}\p{Cs}]+$/u));

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

/**
 * Asks for a page of the person's conversations, the latest first: those that they have not archived, or only those. Answered by
 * `thread.listed`; from the first page on, `thread.updated` and `thread.removed` follow for each change of either kind.
 */
const threadListSchema = v.object({
  type: v.literal('thread.list'),
  requestId: requestIdSchema,
  cursor: v.optional(cursorSchema),
  /** Default false. A cursor goes on in the list that it came from. */
  archived: v.optional(v.boolean()),
});

/** Asks for a thread as the person sees it, with what is theirs alone. Answered by `thread.saved`. */
const threadFetchSchema = v.object({
  type: v.literal('thread.fetch'),
  requestId: requestIdSchema,
  threadId: idSchema,
});

/**
 * Makes a thread, with whoever asks as its owner. The client makes `threadId` (UUIDv7), so asking again after a time-out makes it
 * once. Answered by `thread.saved`.
 */
const threadCreateSchema = v.object({
  type: v.literal('thread.create'),
  requestId: requestIdSchema,
  threadId: idSchema,
  title: titleSchema,
  access: accessSchema,
  /** Ids of others, who become members. */
  memberIds: v.pipe(v.array(idSchema), v.maxLength(MAX_MEMBERS_INVITED)),
});

/** Renames a thread. Answered by `thread.saved`. */
const threadRenameSchema = v.object({
  type: v.literal('thread.rename'),
  requestId: requestIdSchema,
  threadId: idSchema,
  title: titleSchema,
});

/** Becomes a member of an open thread. Answered by `thread.saved`, also when one was a member before. */
const threadJoinSchema = v.object({
  type: v.literal('thread.join'),
  requestId: requestIdSchema,
  threadId: idSchema,
});

/** Is a member no longer. Its last owner cannot leave others behind without one. Answered by `request.done`. */
const threadLeaveSchema = v.object({
  type: v.literal('thread.leave'),
  requestId: requestIdSchema,
  threadId: idSchema,
});

const ownFields = { requestId: requestIdSchema, threadId: idSchema };

/**
 * From now on the thread's messages draw no attention of this person, and count in no total. Theirs alone: nobody else is told. Answered by
 * `thread.saved`, also when it was muted before.
 */
const threadMuteSchema = v.object({ type: v.literal('thread.mute'), ...ownFields });

/** Takes that back. Answered by `thread.saved`. */
const threadUnmuteSchema = v.object({ type: v.literal('thread.unmute'), ...ownFields });

/**
 * Puts the thread away for this person: out of their list until its next message, or for good where it is muted. Nobody else is told.
 * Answered by `thread.saved`.
 */
const threadArchiveSchema = v.object({ type: v.literal('thread.archive'), ...ownFields });

/** Takes that back. Answered by `thread.saved`. */
const threadUnarchiveSchema = v.object({ type: v.literal('thread.unarchive'), ...ownFields });

/** Asks for a page of the members, the first to join first. Answered by `member.listed`. */
const memberListSchema = v.object({
  type: v.literal('member.list'),
  requestId: requestIdSchema,
  threadId: idSchema,
  cursor: v.optional(cursorSchema),
});

/** Adds somebody to a thread, or changes the role of who is in it. Answered by `member.saved`. */
const memberSaveSchema = v.object({
  type: v.literal('member.save'),
  requestId: requestIdSchema,
  threadId: idSchema,
  userId: idSchema,
  role: roleSchema,
});

/** Takes somebody out of a thread. Answered by `request.done`, also when nobody was there to take out. */
const memberRemoveSchema = v.object({
  type: v.literal('member.remove'),
  requestId: requestIdSchema,
  threadId: idSchema,
  userId: idSchema,
});

/**
 * Opens a thread for live messages. With `afterSeq`, the place in the log up to which the client knows everything, the answer holds
 * the messages that came or changed after it, or, if that is more than one page, the newest page with `gap: true`. Answered by
 * `thread.subscribed`.
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

/**
 * Asks for a page of messages by their place: the last ones before `beforeSeq`, the first ones after `afterSeq`, or those around
 * `aroundMessageId`, which is among them. Exactly one of the three. Answered by `history.page`.
 */
const historyFetchSchema = v.object({
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
const messageSendSchema = v.object({
  type: v.literal('message.send'),
  requestId: requestIdSchema,
  threadId: idSchema,
  messageId: idSchema,
  parts: partsSchema,
  /** The id of the message that it answers: one of the same thread. */
  replyTo: v.optional(idSchema),
});

/** Replaces the parts of one's own message. Answered by `message.saved`. */
const messageEditSchema = v.object({
  type: v.literal('message.edit'),
  requestId: requestIdSchema,
  threadId: idSchema,
  messageId: idSchema,
  parts: partsSchema,
});

/** Deletes a message: its parts and reactions go, its place stays. Answered by `message.saved`, also when it was deleted before. */
const messageDeleteSchema = v.object({
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
const messageSearchSchema = v.object({
  type: v.literal('message.search'),
  requestId: requestIdSchema,
  query: v.pipe(v.string(), v.maxLength(MAX_QUERY_LENGTH)),
  /** Left out: in all of the person's threads. */
  threadId: v.optional(idSchema),
  cursor: v.optional(cursorSchema),
});

/**
 * Looks for people to add to a conversation, by what begins a word of their name; an empty query asks whom the server suggests. Whom one can
 * find is the app's to say; where it says nothing, those with whom the person is in a thread. Answered by `people.found`.
 */
const peopleSearchSchema = v.object({
  type: v.literal('people.search'),
  requestId: requestIdSchema,
  query: v.pipe(v.string(), v.maxLength(MAX_QUERY_LENGTH)),
});

const reactionFields = {
  requestId: requestIdSchema,
  threadId: idSchema,
  messageId: idSchema,
  emoji: emojiSchema,
};

/** Answered by `message.saved`, also when the person gave this reaction before. */
const reactionAddSchema = v.object({ type: v.literal('reaction.add'), ...reactionFields });

/** Takes one's own reaction back. Answered by `message.saved`, also when there was none. */
const reactionRemoveSchema = v.object({ type: v.literal('reaction.remove'), ...reactionFields });

/** Keeps a message in sight of everybody in the thread. Answered by `message.saved`, also when it was pinned before. */
const messagePinSchema = v.object({
  type: v.literal('message.pin'),
  requestId: requestIdSchema,
  threadId: idSchema,
  messageId: idSchema,
});

/** Takes that back. Answered by `message.saved`, also when it was not pinned. */
const messageUnpinSchema = v.object({
  type: v.literal('message.unpin'),
  requestId: requestIdSchema,
  threadId: idSchema,
  messageId: idSchema,
});

/** Takes the preview of a link out of one's own message, for everybody and for good. Answered by `message.saved`, also when there was none. */
const previewRemoveSchema = v.object({
  type: v.literal('preview.remove'),
  requestId: requestIdSchema,
  threadId: idSchema,
  messageId: idSchema,
  /** `url` of the preview. */
  url: v.pipe(v.string(), v.maxLength(MAX_LINK_LENGTH), v.regex(/^https?:\/\/\S+$/)),
});

/**
 * Asks for the pinned messages of a thread. Answered by `pin.listed`. What changes about them comes as `message.updated` to whoever has
 * subscribed to the thread.
 */
const pinListSchema = v.object({ type: v.literal('pin.list'), requestId: requestIdSchema, threadId: idSchema });

/**
 * Tells those who watch over the thread, its owners and agents, that something is wrong with somebody else's message; once more, and it
 * stands in place of what one said before. Nobody else hears of it, its author neither. Answered by `request.done`.
 */
const messageReportSchema = v.object({
  type: v.literal('message.report'),
  requestId: requestIdSchema,
  threadId: idSchema,
  messageId: idSchema,
  reason: reportReasonSchema,
  /** In the person's words, for those who decide. */
  note: v.optional(v.pipe(v.string(), v.maxLength(MAX_REASON_LENGTH))),
});

/** Asks for the reported messages of a thread that nobody has decided on. Answered by `report.listed`. */
const reportListSchema = v.object({ type: v.literal('report.list'), requestId: requestIdSchema, threadId: idSchema });

/**
 * Decides that a reported message stays: its reports so far are done with, and reporting it anew is possible. Answered by `request.done`,
 * also when there were none. To decide the other way, delete it.
 */
const reportDismissSchema = v.object({
  type: v.literal('report.dismiss'),
  requestId: requestIdSchema,
  threadId: idSchema,
  messageId: idSchema,
});

/**
 * Asks for the replies that begin with a message: the newest, or those with `seq < beforeSeq`. Answered by `reply.listed`. New ones come
 * as `message.created` to whoever has subscribed to the thread.
 */
const replyListSchema = v.object({
  type: v.literal('reply.list'),
  requestId: requestIdSchema,
  threadId: idSchema,
  /** The message that the replies begin with: a reply's `rootId`. */
  messageId: idSchema,
  beforeSeq: v.optional(seqSchema),
  limit: pageSizeSchema,
});

const answerFields = {
  requestId: requestIdSchema,
  threadId: idSchema,
  messageId: idSchema,
};

/** Ends an answer that grows: what there is of it stays. Leaving does not. Answered by `message.saved`, also when it had ended before. */
const answerStopSchema = v.object({ type: v.literal('answer.stop'), ...answerFields });

/** Has an answer that ended given anew, in its place. Answered by `message.saved`, also when it grows already. */
const answerRetrySchema = v.object({ type: v.literal('answer.retry'), ...answerFields });

/** Asks for a growing answer as it is now: a chunk of it was missed. Answered by `answer.resumed`. */
const answerResumeSchema = v.object({ type: v.literal('answer.resume'), ...answerFields });

/**
 * Says what the person thinks of an answer: the app hears of it, and nobody else in the thread. Without `rating` it asks what they said before.
 * Answered by `answer.rated`.
 */
const answerRateSchema = v.object({
  type: v.literal('answer.rate'),
  ...answerFields,
  /** What the person thinks of it from now on. */
  rating: v.optional(ratingSchema),
});

/** Says whether a tool may run that an answer asks for. Once every question of the answer is decided, it goes on. Answered by `message.saved`. */
const toolDecideSchema = v.object({
  type: v.literal('tool.decide'),
  ...answerFields,
  /** `approval.id` of the tool's part. */
  approvalId: v.pipe(v.string(), v.nonEmpty(), v.maxLength(512)),
  approved: v.boolean(),
  /** For the assistant, in the person's words. */
  reason: v.optional(v.pipe(v.string(), v.maxLength(MAX_REASON_LENGTH))),
});

/**
 * Says that the person has seen a thread's messages up to a place. A smaller one than before, or one beyond the newest message, does no
 * harm. Answered by `thread.saved`; the others hear of it by `receipt.updated`, the person's other connections by `thread.updated`.
 */
const receiptSendSchema = v.object({
  type: v.literal('receipt.send'),
  requestId: requestIdSchema,
  threadId: idSchema,
  readSeq: seqSchema,
});

/** Asks who has read how far, those who have read furthest first. Answered by `receipt.listed`. */
const receiptListSchema = v.object({
  type: v.literal('receipt.list'),
  requestId: requestIdSchema,
  threadId: idSchema,
});

/**
 * The person writes, or no longer does. While they go on it is sent again, every 3 s or so, for whoever reads forgets it after
 * `TYPING_LIFE_MS`. It is never stored, and said once more within 2 s it is told to nobody. Not answered.
 */
const typingSendSchema = v.object({
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
const presenceSubscribeSchema = v.object({
  type: v.literal('presence.subscribe'),
  requestId: requestIdSchema,
  /** In addition to those asked for before. */
  userIds: presenceUserIdsSchema,
});

/** Ends that. Not answered. */
const presenceUnsubscribeSchema = v.object({
  type: v.literal('presence.unsubscribe'),
  /** Of whom no more is to be told. */
  userIds: presenceUserIdsSchema,
});

/** Asks for the next link to a file whose link has lapsed. Answered by `attachment.linked`. */
const attachmentLinkSchema = v.object({
  type: v.literal('attachment.link'),
  requestId: requestIdSchema,
  threadId: idSchema,
  attachmentId: idSchema,
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
  threadFetchSchema,
  threadCreateSchema,
  threadRenameSchema,
  threadJoinSchema,
  threadLeaveSchema,
  threadMuteSchema,
  threadUnmuteSchema,
  threadArchiveSchema,
  threadUnarchiveSchema,
  memberListSchema,
  memberSaveSchema,
  memberRemoveSchema,
  historyFetchSchema,
  messageSendSchema,
  messageEditSchema,
  messageDeleteSchema,
  messageSearchSchema,
  peopleSearchSchema,
  reactionAddSchema,
  reactionRemoveSchema,
  messagePinSchema,
  messageUnpinSchema,
  previewRemoveSchema,
  pinListSchema,
  messageReportSchema,
  reportListSchema,
  reportDismissSchema,
  replyListSchema,
  answerStopSchema,
  answerRetrySchema,
  answerResumeSchema,
  answerRateSchema,
  toolDecideSchema,
  receiptSendSchema,
  receiptListSchema,
  typingSendSchema,
  presenceSubscribeSchema,
  presenceUnsubscribeSchema,
  attachmentLinkSchema,
  pingSchema,
]);

export type ClientFrame = v.InferOutput<typeof clientFrameSchema>;
export type ClientFrameType = ClientFrame['type'];
