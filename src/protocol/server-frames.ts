import * as v from 'valibot';
import { answerChunkSchema, ratingSchema } from './answer.ts';
import {
  idSchema,
  memberSchema,
  messageSchema,
  presenceSchema,
  receiptSchema,
  seqSchema,
  threadSchema,
  uploadLimitsSchema,
  userSchema,
  searchHitSchema,
} from './message.ts';
import { reportedMessageSchema } from './report.ts';

const requestIdSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const durationSchema = v.number();
/** For the next page; null after the last one. */
const nextCursorSchema = v.nullable(v.string());

/** The connection is authenticated; only now is it open. `expiresInMs` is what the token has left by the server's clock. */
const authAcceptedSchema = v.object({
  type: v.literal('auth.accepted'),
  protocol: v.number(),
  user: userSchema,
  expiresInMs: durationSchema,
  serverTime: v.number(),
  /** Which files may be uploaded; absent where none are taken. */
  uploads: v.optional(uploadLimitsSchema),
  /** Over the event stream only: names the connection in the requests that carry this client's frames. A secret of theirs. */
  connectionId: v.optional(v.string()),
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
  nextCursor: nextCursorSchema,
});

/** Answers `receipt.send` and every request about a thread that has no answer of its own: the thread as it is to the person then. */
const threadSavedSchema = v.object({
  type: v.literal('thread.saved'),
  requestId: requestIdSchema,
  thread: threadSchema,
});

/** Answers `member.list`. */
const memberListedSchema = v.object({
  type: v.literal('member.listed'),
  requestId: requestIdSchema,
  members: v.array(memberSchema),
  nextCursor: nextCursorSchema,
});

/** Answers `member.save`. */
const memberSavedSchema = v.object({
  type: v.literal('member.saved'),
  requestId: requestIdSchema,
  member: memberSchema,
});

/** Answers a request whose success has nothing more to say. */
const requestDoneSchema = v.object({
  type: v.literal('request.done'),
  requestId: requestIdSchema,
});

/**
 * Answers `thread.subscribe`. With `gap: false` after an `afterSeq`: every message that came or changed since, in ascending `version`;
 * else the newest page, in ascending `seq`, as many as fit a frame.
 */
const threadSubscribedSchema = v.object({
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

/** Answers `history.fetch`: messages in ascending `seq`, fewer than `limit` where more would not fit a frame. */
const historyPageSchema = v.object({
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
const messageAcceptedSchema = v.object({
  type: v.literal('message.accepted'),
  requestId: requestIdSchema,
  message: messageSchema,
});

/** Answers what changes a message or an answer: the message as it is now. */
const messageSavedSchema = v.object({
  type: v.literal('message.saved'),
  requestId: requestIdSchema,
  message: messageSchema,
});

/** Answers `reply.list`: replies in ascending `seq`, fewer than `limit`, or none, where more would not fit a frame. */
const replyListedSchema = v.object({
  type: v.literal('reply.listed'),
  requestId: requestIdSchema,
  /** The message that they begin with; null with `beforeSeq`. */
  root: v.nullable(messageSchema),
  messages: v.array(messageSchema),
  hasOlder: v.boolean(),
});

/** Answers `receipt.list`: at most `MAX_RECEIPTS`, the person's own too. */
const receiptListedSchema = v.object({
  type: v.literal('receipt.listed'),
  requestId: requestIdSchema,
  receipts: v.array(receiptSchema),
});

/** Answers `message.search`: the newest first. A page may hold fewer than another, or none, and still have a next one. */
const messageFoundSchema = v.object({
  type: v.literal('message.found'),
  requestId: requestIdSchema,
  hits: v.array(searchHitSchema),
  nextCursor: nextCursorSchema,
});

/** Answers `people.search`: at most `MAX_PEOPLE_FOUND`, the best matches first, never the person themself. */
const peopleFoundSchema = v.object({
  type: v.literal('people.found'),
  requestId: requestIdSchema,
  people: v.array(userSchema),
});

/** Answers `pin.list`: previews, their texts cut short, the last pinned first; as many as fit a frame. */
const pinListedSchema = v.object({
  type: v.literal('pin.listed'),
  requestId: requestIdSchema,
  messages: v.array(messageSchema),
});

/** Answers `report.list`: the last reported first, at most `MAX_REPORTED`, and as many as fit a frame. */
const reportListedSchema = v.object({
  type: v.literal('report.listed'),
  requestId: requestIdSchema,
  reported: v.array(reportedMessageSchema),
  /** How many messages there are to decide on, those that are not listed too. */
  open: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

/** A message of a subscribed thread was reported, or decided on. Sent only to who may ask for the list. */
const reportUpdatedSchema = v.object({
  type: v.literal('report.updated'),
  threadId: idSchema,
  /** How many messages there are to decide on. */
  open: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

/** Answers `presence.subscribe`: of whom one may see it. Of somebody on another node of the server, it may follow a moment later. */
const presenceListedSchema = v.object({
  type: v.literal('presence.listed'),
  requestId: requestIdSchema,
  /** Who cannot be seen, or does not exist, is left out. */
  presences: v.array(presenceSchema),
});

/** Somebody came or went whom `presence.subscribe` asked for. */
const presenceUpdatedSchema = v.object({
  type: v.literal('presence.updated'),
  presence: presenceSchema,
});

/** Answers `attachment.link`. */
const attachmentLinkedSchema = v.object({
  type: v.literal('attachment.linked'),
  requestId: requestIdSchema,
  url: v.string(),
  urlExpiresAt: v.number(),
});

/** A new message in a subscribed thread; its sender's other connections get it too. */
const messageCreatedSchema = v.object({
  type: v.literal('message.created'),
  message: messageSchema,
});

/** A message of a subscribed thread was edited, deleted, reacted to or changed otherwise: the whole of it as it is now, with a greater `version`. */
const messageUpdatedSchema = v.object({
  type: v.literal('message.updated'),
  message: messageSchema,
});

/** Answers `answer.resume`: the message with its parts so far, where `answer.at` says what comes next. */
const answerResumedSchema = v.object({
  type: v.literal('answer.resumed'),
  requestId: requestIdSchema,
  message: messageSchema,
});

/** Answers `answer.rate`: what the person thinks of the answer from now on. */
const answerRatedSchema = v.object({
  type: v.literal('answer.rated'),
  requestId: requestIdSchema,
  /** Both null where they said nothing. */
  rating: ratingSchema,
});

/**
 * An answer in a subscribed thread grew: several chunks at once, numbered without a gap within one attempt. They take no place in the
 * thread's log; the finished answer does, as `message.updated`. A gap is mended by `answer.resume`.
 */
const answerStreamedSchema = v.object({
  type: v.literal('answer.streamed'),
  threadId: idSchema,
  messageId: idSchema,
  /** Which attempt, as in the message. */
  run: seqSchema,
  /** The number of the first chunk; a retry begins at 0. */
  at: seqSchema,
  /** As the AI SDK's UI Message Stream (version 1) has them. */
  chunks: v.array(answerChunkSchema),
});

/** Somebody came into a subscribed thread, or has another role. */
const memberUpdatedSchema = v.object({
  type: v.literal('member.updated'),
  member: memberSchema,
});

/** Somebody is in a subscribed thread no longer. */
const memberRemovedSchema = v.object({
  type: v.literal('member.removed'),
  threadId: idSchema,
  userId: idSchema,
});

/**
 * People have read further in a subscribed thread. Many at once come together and some moments late; of more than `MAX_RECEIPTS` only
 * those who have read furthest.
 */
const receiptUpdatedSchema = v.object({
  type: v.literal('receipt.updated'),
  threadId: idSchema,
  receipts: v.array(receiptSchema),
});

/**
 * Somebody writes in a subscribed thread, or no longer does. Forget it after `TYPING_LIFE_MS`, and with their next message: who goes away
 * in the middle says no more. Never stored, and not told of oneself; of more than `MAX_TYPING` at once only those who began first.
 */
const typingUpdatedSchema = v.object({
  type: v.literal('typing.updated'),
  threadId: idSchema,
  user: userSchema,
  /** Whether they write now. */
  active: v.boolean(),
});

/** The person may no longer read a thread: it left the list, and a subscription to it has ended. */
const threadRemovedSchema = v.object({
  type: v.literal('thread.removed'),
  threadId: idSchema,
});

/** A conversation of the person appeared, has a new last message, or is another one to them. Sent once `thread.list` was asked. */
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
  threadSavedSchema,
  threadSubscribedSchema,
  memberListedSchema,
  memberSavedSchema,
  requestDoneSchema,
  historyPageSchema,
  messageAcceptedSchema,
  messageSavedSchema,
  messageFoundSchema,
  peopleFoundSchema,
  replyListedSchema,
  pinListedSchema,
  reportListedSchema,
  reportUpdatedSchema,
  receiptListedSchema,
  presenceListedSchema,
  presenceUpdatedSchema,
  attachmentLinkedSchema,
  messageCreatedSchema,
  messageUpdatedSchema,
  answerStreamedSchema,
  answerResumedSchema,
  answerRatedSchema,
  memberUpdatedSchema,
  memberRemovedSchema,
  receiptUpdatedSchema,
  typingUpdatedSchema,
  threadUpdatedSchema,
  threadRemovedSchema,
  requestRefusedSchema,
  pongSchema,
]);

export type ServerFrame = v.InferOutput<typeof serverFrameSchema>;
export type ServerFrameType = ServerFrame['type'];
export type ServerFrameOf<T extends ServerFrameType> = Extract<ServerFrame, { type: T }>;
