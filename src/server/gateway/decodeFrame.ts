import * as v from 'valibot';
import {
  ChatError,
  clientFrameSchema,
  MAX_TEXT_LENGTH,
  type ClientFrame,
  type MessagePartInput,
} from '../../protocol/index.ts';
import { readPlainSend } from './readPlainSend.ts';

export type Decoded =
  | { kind: 'frame'; frame: ClientFrame }
  /** Wrong, but the sender can be told. */
  | { kind: 'refused'; requestId: number | null; error: ChatError }
  /** No frame at all, or a wrong one that nothing would answer. */
  | { kind: 'malformed'; why: string };

/** By type, so that a frame is checked by its own schema alone. */
const SCHEMAS = new Map<string, (typeof clientFrameSchema.options)[number]>(
  clientFrameSchema.options.map((schema) => [schema.entries.type.literal, schema]),
);

/** Reads one frame. Trusts nothing about it; never throws. */
export function decodeFrame(text: string): Decoded {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'malformed', why: 'a frame is JSON' };
  }
  return decodeValue(value);
}

/** Reads one frame out of JSON that was parsed already. */
export function decodeValue(value: unknown): Decoded {
  const plain = readPlainSend(value);
  return plain ? { kind: 'frame', frame: plain } : decodeBySchema(value);
}

export function decodeBySchema(value: unknown): Decoded {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { kind: 'malformed', why: 'a frame is a JSON object' };
  }
  const { type, requestId: id } = value as { type?: unknown; requestId?: unknown };
  if (typeof type !== 'string') return { kind: 'malformed', why: 'a frame has a type' };
  const requestId = typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : null;
  const schema = SCHEMAS.get(type);
  if (!schema) {
    const name = JSON.stringify(type.slice(0, 64));
    return refused(requestId, new ChatError('unknown_frame', `This server knows no frame of type ${name}.`));
  }
  if ((type === 'message.send' || type === 'message.edit') && Object.hasOwn(value, 'event')) {
    const why = 'Only the server tells what happened to a conversation: a message that is sent has no event.';
    return refused(requestId, new ChatError('system_message', why));
  }
  const parsed = v.safeParse(schema, value, { abortEarly: true });
  if (parsed.success) return checkText(parsed.output);
  if (requestId === null) return { kind: 'malformed', why: `${type} is not as the protocol describes it` };
  return refused(requestId, explain(type, parsed.issues[0]));
}

function checkText(frame: ClientFrame): Decoded {
  if (frame.type === 'message.send' || frame.type === 'message.edit') {
    const texts = frame.parts.map((part: MessagePartInput) => (part.type === 'text' ? part.text : null));
    const length = texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
    if (length > MAX_TEXT_LENGTH) return refused(frame.requestId, tooLong());
    if (texts.every((text) => text?.trim() === '')) {
      return refused(frame.requestId, new ChatError('message_empty', 'The message holds no text and no file.'));
    }
  }
  return { kind: 'frame', frame };
}

function explain(type: string, issue: v.BaseIssue<unknown>): ChatError {
  const path = v.getDotPath(issue) ?? '';
  if (issue.type === 'max_length' && /^parts\.\d+\.text$/.test(path)) return tooLong();
  return new ChatError('bad_request', `${type} has a wrong ${path || 'shape'}.`);
}

function tooLong(): ChatError {
  return new ChatError('message_too_long', `A message holds at most ${MAX_TEXT_LENGTH} characters.`);
}

function refused(requestId: number | null, error: ChatError): Decoded {
  return { kind: 'refused', requestId, error };
}
