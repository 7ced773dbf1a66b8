import * as v from 'valibot';
import { MAX_ID_LENGTH, MAX_PARTS, MAX_TEXT_LENGTH } from './limits.ts';

/** An id that travels: 1–128 characters, none of them white space or a control character. */
export const idSchema = v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_ID_LENGTH), v.regex(/^[^\s\p{Cc}]+$/u));

/** The server's position in a thread's log: 1, 2, 3 … with no gap. */
export const seqSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Milliseconds since 1970-01-01T00:00Z, by the server's clock. */
const timeSchema = v.pipe(v.number(), v.safeInteger());

/** Text as the person wrote it. Named and shaped like the AI SDK's `UIMessage` text part. */
const textPartSchema = v.object({
  type: v.literal('text'),
  text: v.pipe(v.string(), v.maxLength(MAX_TEXT_LENGTH)),
});

/** One part of a message. The union grows. */
const messagePartSchema = v.variant('type', [textPartSchema]);

export const partsSchema = v.pipe(v.array(messagePartSchema), v.nonEmpty(), v.maxLength(MAX_PARTS));

/** Parts as they arrive: those of a kind that this version does not know are left out, so that a newer server does no harm. */
const receivedPartsSchema = v.pipe(
  v.array(v.unknown()),
  v.transform((parts) => parts.filter((part) => v.is(messagePartSchema, part))),
);

/** A person (or later an assistant) as others see them. */
export const userSchema = v.object({
  id: idSchema,
  /** Shown name; falls back to the id. */
  name: v.string(),
  /** Absolute `https:` address of a picture, or null for initials. */
  avatarUrl: v.nullable(v.string()),
});

/** One message as the server stored it. */
export const messageSchema = v.object({
  /** UUIDv7 made by the sender's client: the key that makes a send idempotent. */
  id: idSchema,
  threadId: idSchema,
  /** Place in the thread's log: order, gap detection and resume rest on it. */
  seq: seqSchema,
  author: userSchema,
  parts: receivedPartsSchema,
  createdAt: timeSchema,
});

/** A conversation as one person sees it. */
export const threadSchema = v.object({
  id: idSchema,
  title: v.string(),
  /** `open`: every signed-in person may read and write. `members`: only its members may. */
  access: v.fallback(v.picklist(['open', 'members']), 'members'),
  /** The newest message, its text cut short to a preview, or null in an empty thread. Not for showing as the message itself. */
  lastMessage: v.nullable(messageSchema),
  /** Time of the newest message, else of the thread's creation. Lists sort by it. */
  updatedAt: timeSchema,
});

export type TextPart = v.InferOutput<typeof textPartSchema>;
export type MessagePart = v.InferOutput<typeof messagePartSchema>;
export type ChatUser = v.InferOutput<typeof userSchema>;
export type Message = v.InferOutput<typeof messageSchema>;
export type Thread = v.InferOutput<typeof threadSchema>;

/** The text of a message's text parts, joined by line breaks: for previews, search and copying. */
export function textOf(parts: readonly MessagePart[]): string {
  return parts.map((part) => part.text).join('\n');
}
