import {
  MAX_FRAME_BYTES,
  type Answer,
  type LinkPreview,
  type Message,
  type MessagePart,
  type TextPart,
  type Thread,
} from '../../protocol/index.ts';
import type { AttachmentPort, StoredPreview } from '../attachments/AttachmentPort.ts';
import type { StoredMessage, StoredThread } from '../storage/ChatStorage.ts';

/** What one message may take of a frame: the rest is for what is around it. */
const MESSAGE_BYTES = MAX_FRAME_BYTES - 1_024;
const PREVIEW_LENGTH = 280;
const PREVIEW_PARTS = 4;

type Attachments = AttachmentPort | undefined;

/** The message as it goes out: with fresh links to its files, and no larger than a frame. */
export function toWireMessage(message: StoredMessage, attachments: Attachments): Message {
  // Most are of text alone and without reactions: nothing is to be done to them.
  if (isBare(message)) return message;
  const parts = message.parts.flatMap((part): MessagePart[] => {
    if (part.type !== 'file') return [part];
    // Without attachments any more, nobody could follow the link.
    return attachments ? [attachments.sign(part, message.threadId)] : [];
  });
  const { previews: stored, asked: _, ...rest } = message;
  const previews = stored && { previews: toWirePreviews(stored, message.threadId, attachments) };
  return withReactionsThatFit(withQuoteThatFits(withPreviewsThatFit({ ...rest, parts, ...previews })));
}

function isBare(message: StoredMessage): message is StoredMessage & { parts: TextPart[]; previews?: never } {
  const { reactions, replyTo, parts, previews, answer } = message;
  return reactions.length === 0 && !replyTo && !previews && !answer && parts.every(({ type }) => type === 'text');
}

function toWirePreviews(stored: StoredPreview[], threadId: string, attachments: Attachments): LinkPreview[] {
  return stored.map(({ image, ...preview }) =>
    image && attachments ? { ...preview, image: attachments.sign(image, threadId) } : preview,
  );
}

/** What decides how a thread goes out. */
export interface ThreadView {
  attachments: Attachments;
  /** Whether there is an assistant in it: else there is nobody whom a person could take the place of, and a thread says nothing of it. */
  isAssisted: (thread: Pick<Thread, 'id' | 'title' | 'access'>) => boolean;
}

export function toWireThread(
  { head: _, lastMessage, handover, ...thread }: StoredThread,
  { attachments, isAssisted }: ThreadView,
): Thread {
  return {
    ...thread,
    lastMessage: lastMessage && toPreview(toWireMessage(lastMessage, attachments)),
    ...(isAssisted(thread) && { handover }),
  };
}

/** A list needs a line of the last message, not all of it: a hundred long ones would not fit a frame. */
export function toPreview(message: Message): Message {
  let left = PREVIEW_LENGTH;
  const parts: Message['parts'] = [];
  for (const part of message.parts.filter(isShown).slice(0, PREVIEW_PARTS)) {
    if (left <= 0) break;
    // Taken apart into characters only where there may be too many: a character is one or two of its `length`.
    const characters = part.type === 'text' && part.text.length > left ? [...part.text] : [];
    const isLong = part.type === 'text' && characters.length > left;
    parts.push(isLong ? { ...part, text: `${characters.slice(0, left).join('')}…` } : part);
    left -= part.type === 'text' ? characters.length || part.text.length : 0;
  }
  const { answer, attempts: _attempts, previews: _previews, ...rest } = message;
  const { open: _, ...state } = answer ?? {};
  return { ...rest, parts, reactions: [], ...(answer && { answer: state as Answer }) };
}

/** What a line of a list has words for. */
function isShown({ type }: MessagePart): boolean {
  return type === 'text' || type === 'file';
}

/** The longest text leaves no room for what is behind its links. */
function withPreviewsThatFit(message: Message): Message {
  if (!message.previews || sizeOf(message) <= MESSAGE_BYTES) return message;
  const { previews: _, ...rest } = message;
  return rest;
}

/** The longest text leaves no room for another one's words: what it answers is still told. */
function withQuoteThatFits(message: Message): Message {
  const { replyTo } = message;
  if (!replyTo || sizeOf(message) <= MESSAGE_BYTES) return message;
  return { ...message, replyTo: { ...replyTo, text: '', filename: null } };
}

/** Names of who reacted are left out, the last first, until it fits: `count` still counts them. */
function withReactionsThatFit(message: Message): Message {
  let fitting = message;
  for (const names of [undefined, 20, 5, 0]) {
    fitting = {
      ...message,
      reactions: message.reactions.map((each) => ({ ...each, userIds: each.userIds.slice(0, names) })),
    };
    if (message.reactions.length === 0 || sizeOf(fitting) <= MESSAGE_BYTES) return fitting;
  }
  return { ...fitting, reactions: [] };
}

/** Bytes of JSON in UTF-8. */
export function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
