import * as v from 'valibot';
import { answerSchema } from './answer.ts';
import { MAX_ID_LENGTH, MAX_MENTION_LABEL, MAX_MENTIONS, MAX_PARTS, MAX_TEXT_LENGTH } from './limits.ts';
import {
  dataPartSchema,
  dynamicToolPartSchema,
  reasoningPartSchema,
  sourceDocumentPartSchema,
  sourceUrlPartSchema,
  stepStartPartSchema,
  toolPartSchema,
} from './parts.ts';

/** An id that travels: 1–128 characters, none of them white space, a control or format character, or half a surrogate pair. */
export const idSchema = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.maxLength(MAX_ID_LENGTH),
  v.regex(/^[^\s\p{Cc}\p{Cf}\p{Cs}]+$/u),
);

/** A position in a thread's log. The server counts every message and every change of one: 1, 2, 3 … with no gap. */
export const seqSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Milliseconds since 1970-01-01T00:00Z, by the server's clock. */
export const timeSchema = v.pipe(v.number(), v.safeInteger());

/**
 * Somebody whom a text mentions: wherever it says `@` and the label, this person is meant. Who that is says the id alone: a label goes
 * on to mean the same person when they are called something else.
 */
const mentionSchema = v.object({
  userId: idSchema,
  /** As the text has it after the `@`. */
  label: v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_MENTION_LABEL)),
  /** What the person is called now. The server says it, and takes no notice of what a client says. */
  name: v.optional(v.string()),
});

/** Text as the person wrote it. Named and shaped like the AI SDK's `UIMessage` text part. */
const textPartSchema = v.object({
  type: v.literal('text'),
  /** An answer's may be longer than what a person may send. */
  text: v.string(),
  /** In an answer: whether more of the text is to come. */
  state: v.optional(v.picklist(['streaming', 'done'])),
  /** Whom it mentions. */
  mentions: v.optional(v.array(mentionSchema)),
});

/** Text as it is sent. */
const textPartInputSchema = v.object({
  type: v.literal('text'),
  text: v.pipe(v.string(), v.maxLength(MAX_TEXT_LENGTH)),
  /** Of those who are sent, the server keeps those whom the text names and who may read the thread. */
  mentions: v.optional(v.pipe(v.array(mentionSchema), v.maxLength(MAX_MENTIONS))),
});

const pixelsSchema = v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(1)));

/** A file that was uploaded to the thread. Named and shaped like the AI SDK's `UIMessage` file part, with what a window needs to show it. */
const filePartSchema = v.object({
  type: v.literal('file'),
  attachmentId: idSchema,
  /** IANA media type, as the server found it and not as the sender said. */
  mediaType: v.string(),
  filename: v.string(),
  /** Bytes. */
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** CSS pixels of an image, null for what is none: a list can keep its place before it is loaded. */
  width: pixelsSchema,
  height: pixelsSchema,
  /** Signed link, absolute or relative to the server's origin. Whoever has it may read the file until `urlExpiresAt`; ask `attachment.link` for the next. */
  url: v.string(),
  /** Server time, ms since 1970. */
  urlExpiresAt: timeSchema,
});

/** What the server found behind a link of the message. It says what a stranger's page says of itself: words to show, and nothing to trust. */
const linkPreviewSchema = v.object({
  /** The link, normalised as the URL standard has it; `https:` or `http:`. */
  url: v.string(),
  /** The host that answered in the end, without `www.`: what a page cannot say of itself. */
  host: v.string(),
  /** What the page calls its site; null where it does not say. */
  siteName: v.nullable(v.string()),
  /** What the page is called. */
  title: v.string(),
  /** What it says of itself in a sentence or two; null where it says nothing. */
  description: v.nullable(v.string()),
  /** A picture of the page, kept by the server as a file of the thread, its measures known. */
  image: v.optional(filePartSchema),
});

/** One part of a message. The union grows. */
const messagePartSchema = v.union([
  v.variant('type', [
    textPartSchema,
    filePartSchema,
    reasoningPartSchema,
    sourceUrlPartSchema,
    sourceDocumentPartSchema,
    dynamicToolPartSchema,
    stepStartPartSchema,
  ]),
  toolPartSchema,
  dataPartSchema,
]);

/** A file part as it is sent: an attachment of one's own that was uploaded to the same thread. The server knows the rest. */
const filePartInputSchema = v.object({ type: v.literal('file'), attachmentId: idSchema });

/** Parts as a client sends them. */
export const partsSchema = v.pipe(
  v.array(v.variant('type', [textPartInputSchema, filePartInputSchema])),
  v.nonEmpty(),
  v.maxLength(MAX_PARTS),
);

/** One reaction to a message, by everybody who gave it. */
const reactionSchema = v.object({
  /** One emoji, as the person chose it. */
  emoji: v.string(),
  count: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** Who gave it, the first first; at most `MAX_REACTION_USERS`. */
  userIds: v.array(idSchema),
});

/** Parts as they arrive: those of a kind that this version does not know are left out, so that a newer server does no harm. */
const receivedPartsSchema = v.pipe(
  v.array(v.unknown()),
  v.transform((parts) =>
    parts.flatMap((part) => {
      const read = v.safeParse(messagePartSchema, part);
      return read.success ? [read.output] : [];
    }),
  ),
);

/** Which files a server takes. */
export const uploadLimitsSchema = v.object({
  /** Largest file, bytes. */
  maxBytes: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** Media types, as a file's bytes say: `application/pdf`, `image/*`. A server may refuse more: it looks inside. */
  types: v.array(v.string()),
});

/** A person or an assistant as others see them. */
export const userSchema = v.object({
  id: idSchema,
  /** Shown name; falls back to the id. */
  name: v.string(),
  /** Absolute `https:` address of a picture, or null for initials. */
  avatarUrl: v.nullable(v.string()),
});

/**
 * What somebody is in a thread. `owner`: everything, also who is in it. `member`: reads and writes. `agent`: a member who helps the
 * others (support, moderation). `readonly`: reads.
 */
export const roleSchema = v.picklist(['owner', 'member', 'agent', 'readonly']);

/**
 * What happened to a thread, of a system message: its author did it. In data and never in words, so that each reader has it in their own
 * language.
 */
const threadEventSchema = v.object({
  /** A newer server may know of more: take what you do not know for `unknown`, and show it as nothing. */
  type: v.fallback(
    v.picklist([
      'thread.created',
      'thread.renamed',
      'member.added',
      'member.joined',
      'member.left',
      'member.removed',
      'member.role-changed',
      'handover.requested',
      'handover.cancelled',
      'handover.taken',
      'handover.returned',
      'handover.reopened',
      'unknown',
    ]),
    'unknown',
  ),
  /** Of `thread.created` and `thread.renamed`: the title from then on. */
  title: v.optional(v.string()),
  /** Whom it was done to, as they are called now; of many the first `MAX_EVENT_PEOPLE`. Of `handover.requested`: for whom the assistant asked. */
  people: v.optional(v.array(v.object({ id: idSchema, name: v.string() }))),
  /** How many `people` there are, those who are not named too. */
  count: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  /** What they are from then on. */
  role: v.optional(v.fallback(roleSchema, 'readonly')),
  /** Of `handover.requested`: why, in the words of who asked. */
  reason: v.optional(v.string()),
});

/** What a reply shows of the message that it answers: as that was when the reply was read. */
const quoteSchema = v.object({
  /** The message that is answered. */
  id: idSchema,
  /** Where the replies begin: the message that is answered, or, if that is a reply itself, the first one of them all. */
  rootId: idSchema,
  author: v.object({ id: idSchema, name: v.string() }),
  /** The beginning of what it says, in one line; empty where it has no text, and once it is deleted. */
  text: v.string(),
  /** Name of its first file, else null. */
  filename: v.nullable(v.string()),
  /** When it was deleted, else null. */
  deletedAt: v.nullable(timeSchema),
});

/** What an answer said before it was given anew. */
const attemptSchema = v.object({
  /** Which attempt it was. */
  run: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  parts: receivedPartsSchema,
  /** The words of what it answered, as they were then. */
  question: v.string(),
});

/** One message as the server stored it. */
export const messageSchema = v.object({
  /** UUIDv7 made by the sender's client: the key that makes a send idempotent. */
  id: idSchema,
  threadId: idSchema,
  /** Its own place in the thread's log, given once: messages are shown in this order. */
  seq: seqSchema,
  /** Place in the log of the newest change to it: equals `seq` until it is edited, deleted, reacted to or changed otherwise. Of two copies the greater one is newer. */
  version: seqSchema,
  author: userSchema,
  /** Empty once it is deleted. */
  parts: receivedPartsSchema,
  createdAt: timeSchema,
  /** When its author last edited it, else null. */
  editedAt: v.nullable(timeSchema),
  /** When it was deleted, else null. What is left is the place that it had. */
  deletedAt: v.nullable(timeSchema),
  reactions: v.array(reactionSchema),
  /** What it answers; absent in a message that is no reply. */
  replyTo: v.optional(quoteSchema),
  /** Since when it is pinned, and by whom; absent in one that is not. */
  pinned: v.optional(v.object({ userId: idSchema, at: timeSchema })),
  /** Of its links, in their order; comes some moments after the message, as a change of it. Absent where there are none. */
  previews: v.optional(v.array(linkPreviewSchema)),
  /** How many replies begin with it, those that were deleted not counted; absent where there are none. */
  replyCount: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  /** Of an assistant's answer, how far it is; left out of what a person wrote. */
  answer: v.optional(answerSchema),
  /** Of an answer that was given anew: what it said before, the first attempt first. The newest `MAX_ATTEMPTS`, of `MAX_ANSWER_BYTES` together. */
  attempts: v.optional(v.array(attemptSchema)),
  /**
   * Of a system message, which has no parts: what happened. It is unread to nobody, is no thread's last message, and cannot be edited,
   * deleted, answered, reacted to or pinned (`system_message`).
   */
  event: v.optional(threadEventSchema),
});

/** Somebody in a thread. */
export const memberSchema = v.object({
  threadId: idSchema,
  user: userSchema,
  role: v.fallback(roleSchema, 'readonly'),
  joinedAt: timeSchema,
});

/** `open`: every signed-in person may read and write, and join. `members`: only its members may. */
export const accessSchema = v.picklist(['open', 'members']);

/** How far somebody has read a thread. */
export const receiptSchema = v.object({
  user: userSchema,
  /** They have read up to this place in the log. It never goes back. */
  readSeq: seqSchema,
  /** When they said so. */
  readAt: timeSchema,
});

/** Whether somebody is here. */
export const presenceSchema = v.object({
  userId: idSchema,
  /** Whether they are connected, on any device; some seconds longer, so that a reload is no going. */
  online: v.boolean(),
  /** When they were last connected, as far as it is known; null while they are. */
  lastSeenAt: v.nullable(timeSchema),
});

/** What a thread is to one person alone. */
const ownStateSchema = v.object({
  /** The person has read up to this place in the log. Null for who is no member and has read nothing: nothing is unread to them. */
  readSeq: v.nullable(seqSchema),
  /** Others' messages after `readSeq` that are not deleted, system messages aside, counted up to `MAX_UNREAD_COUNT`. */
  unreadCount: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** Whether its messages are to draw no attention. */
  muted: v.boolean(),
  /** Whether it is put away: out of the list, until the next message unless it is muted. */
  archived: v.boolean(),
});

/** Who answers in a thread: the assistant, or a person. */
const handoverSchema = v.object({
  /** `waiting`: a person was asked for, and nobody has taken it. A newer server may know of more: the assistant is silent then, as with a `person`. */
  state: v.fallback(v.picklist(['assistant', 'waiting', 'person']), 'person'),
  /** Since when it waits, or the person answers; null with the assistant. */
  since: v.nullable(timeSchema),
  /** Who asked for a person, or for whom the assistant did; null with the assistant, and where somebody took over unasked. */
  askedBy: v.nullable(userSchema),
  /** Who answers; null while nobody has taken it. */
  agent: v.nullable(userSchema),
  /** Why a person was asked for, in the words of who did. */
  reason: v.nullable(v.string()),
  /** Place in the log of the system message that tells of it, 0 before the first. Of two states the greater one is newer. */
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

/** A conversation as one person sees it. */
export const threadSchema = v.object({
  id: idSchema,
  title: v.string(),
  access: v.fallback(accessSchema, 'members'),
  /** What the person who is told is in it; null for who is not in an open thread. */
  role: v.nullable(v.fallback(roleSchema, 'readonly')),
  memberCount: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** The ids of its members, where it is for members only and there are two. */
  pair: v.optional(v.array(idSchema)),
  /** Messages that people and assistants ever sent to it, the deleted ones too: what it has grown by is what came. */
  messageCount: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** The newest message that is no system message, its text cut short to a preview, or null in an empty thread. Not for showing as the message itself. */
  lastMessage: v.nullable(messageSchema),
  /** Time of the newest message, else of the thread's creation. Lists sort by it. */
  updatedAt: timeSchema,
  /** Null where the same is told to everybody at once: what is known of it holds. */
  own: v.nullable(ownStateSchema),
  /** Who answers; absent where the server has no assistant. */
  handover: v.optional(handoverSchema),
});

const placeSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A piece of a text, in UTF-16 code units. */
const rangeSchema = v.object({
  /** Of its first unit. */
  start: placeSchema,
  /** Behind its last one. */
  end: placeSchema,
});

/** A message that a search found, in short. Go to it by its id. */
export const searchHitSchema = v.object({
  messageId: idSchema,
  threadId: idSchema,
  /** Title of its thread. */
  threadTitle: v.string(),
  seq: seqSchema,
  author: userSchema,
  createdAt: timeSchema,
  /** A piece of its text, or of a file's name, around what was found; its white space as single spaces. */
  snippet: v.string(),
  /** What was found in `snippet`, ascending, none within another. */
  ranges: v.array(rangeSchema),
});

export type TextPart = v.InferOutput<typeof textPartSchema>;
export type FilePart = v.InferOutput<typeof filePartSchema>;
/** A part as it is sent: of a file, only which. */
export type MessagePartInput = v.InferOutput<typeof partsSchema>[number];
export type Attempt = v.InferOutput<typeof attemptSchema>;
export type Mention = v.InferOutput<typeof mentionSchema>;
export type LinkPreview = v.InferOutput<typeof linkPreviewSchema>;
export type Quote = v.InferOutput<typeof quoteSchema>;
export type UploadLimits = v.InferOutput<typeof uploadLimitsSchema>;
export type Reaction = v.InferOutput<typeof reactionSchema>;
export type SearchHit = v.InferOutput<typeof searchHitSchema>;
export type Handover = v.InferOutput<typeof handoverSchema>;
export type ThreadEvent = v.InferOutput<typeof threadEventSchema>;
export type Role = v.InferOutput<typeof roleSchema>;
export type ThreadAccess = v.InferOutput<typeof accessSchema>;
export type Member = v.InferOutput<typeof memberSchema>;
export type MessagePart = v.InferOutput<typeof messagePartSchema>;
export type ChatUser = v.InferOutput<typeof userSchema>;
export type Message = v.InferOutput<typeof messageSchema>;
export type Presence = v.InferOutput<typeof presenceSchema>;
export type Receipt = v.InferOutput<typeof receiptSchema>;
export type OwnThreadState = v.InferOutput<typeof ownStateSchema>;
export type Thread = v.InferOutput<typeof threadSchema>;
