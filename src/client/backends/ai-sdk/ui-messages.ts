import type { Message, MessagePart } from '../../../protocol/index.ts';
import type { LoadedMessage, TurnMessage } from '../turns/TurnPort.ts';
import type { AiSdkMessage } from './types.ts';

/** A message as the SDK sends it. */
export function toUiMessage({ message, role, metadata }: TurnMessage, id = message.id): AiSdkMessage {
  return {
    id,
    role,
    parts: role === 'user' ? message.parts.flatMap(userPart) : message.parts,
    ...(metadata !== undefined && { metadata }),
  };
}

/** Null for what is not shown: a system prompt. */
export function fromUiMessage({ id, role, parts, metadata }: AiSdkMessage): LoadedMessage | null {
  if (role === 'system') return null;
  const createdAt = createdAtOf(metadata);
  const own = parts as unknown as readonly MessagePart[];
  return {
    id,
    role,
    metadata,
    createdAt,
    parts: role === 'assistant' ? own : own.flatMap((part, index) => shownPart(part, `${id}-${index}`)),
  };
}

/** Whether a message says anything: one that failed before its first word would be no message to a model. */
export function saysSomething({ message }: { message: Message }): boolean {
  return message.deletedAt === null && message.parts.some(({ type }) => type !== 'step-start');
}

function userPart(part: MessagePart): { type: string }[] {
  if (part.type === 'text') return [{ type: 'text', text: part.text } as { type: string }];
  if (part.type !== 'file') return [part];
  const { mediaType, filename, url } = part;
  return [{ type: 'file', mediaType, url, ...(filename !== '' && { filename }) } as { type: string }];
}

/** With what a window needs of a file, and the SDK does not say. */
function shownPart(part: MessagePart, id: string): MessagePart[] {
  if (part.type !== 'file') return [part];
  const { mediaType, url } = part;
  const filename = (part.filename as string | undefined) ?? '';
  const unknown = { size: 0, width: null, height: null, urlExpiresAt: Number.MAX_SAFE_INTEGER };
  return [{ type: 'file', attachmentId: id, mediaType, filename, url, ...unknown }];
}

/** Where the app has put it, as the SDK's own examples do: ms, or a date. */
function createdAtOf(metadata: unknown): number | undefined {
  if (typeof metadata !== 'object' || metadata === null || !('createdAt' in metadata)) return undefined;
  const { createdAt } = metadata;
  const ms = typeof createdAt === 'string' ? Date.parse(createdAt) : Number(createdAt);
  return Number.isFinite(ms) && createdAt !== null ? ms : undefined;
}
