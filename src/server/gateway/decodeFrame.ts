import * as v from 'valibot';
import {
  ChatError,
  clientFrameSchema,
  MAX_TEXT_LENGTH,
  type ClientFrame,
  type ClientFrameType,
  type MessagePart,
} from '../../protocol/index.ts';

export type Decoded =
  | { kind: 'frame'; frame: ClientFrame }
  /** Wrong, but the sender can be told. */
  | { kind: 'refused'; requestId: number | null; error: ChatError }
  /** No frame at all, or a wrong one that nothing would answer. */
  | { kind: 'malformed'; why: string };

// A record and not a list, so that a new frame type cannot be forgotten here.
const KNOWN: Record<ClientFrameType, true> = {
  'auth.open': true,
  'auth.renew': true,
  'thread.list': true,
  'thread.subscribe': true,
  'thread.unsubscribe': true,
  'history.fetch': true,
  'message.send': true,
  ping: true,
};

/** Reads one frame. Trusts nothing about it; never throws. */
export function decodeFrame(text: string): Decoded {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'malformed', why: 'a frame is JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { kind: 'malformed', why: 'a frame is a JSON object' };
  }
  const { type, requestId: id } = value as { type?: unknown; requestId?: unknown };
  if (typeof type !== 'string') return { kind: 'malformed', why: 'a frame has a type' };
  const requestId = typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : null;
  if (!Object.hasOwn(KNOWN, type)) {
    const name = JSON.stringify(type.slice(0, 64));
    return refused(requestId, new ChatError('unknown_frame', `This server knows no frame of type ${name}.`));
  }
  const parsed = v.safeParse(clientFrameSchema, value, { abortEarly: true });
  if (parsed.success) return checkText(parsed.output);
  if (requestId === null) return { kind: 'malformed', why: `${type} is not as the protocol describes it` };
  return refused(requestId, explain(type, parsed.issues[0]));
}

function checkText(frame: ClientFrame): Decoded {
  if (frame.type === 'message.send') {
    const length = frame.parts.reduce((sum, part: MessagePart) => sum + part.text.length, 0);
    if (length > MAX_TEXT_LENGTH) return refused(frame.requestId, tooLong());
    if (frame.parts.every((part) => part.text.trim() === '')) {
      return refused(frame.requestId, new ChatError('message_empty', 'The message holds no text.'));
    }
  }
  return { kind: 'frame', frame };
}

function explain(type: string, issue: v.BaseIssue<unknown>): ChatError {
  const path = v.getDotPath(issue) ?? '';
  if (type === 'message.send' && issue.type === 'max_length' && path.endsWith('.text')) return tooLong();
  return new ChatError('bad_request', `${type} has a wrong ${path || 'shape'}.`);
}

function tooLong(): ChatError {
  return new ChatError('message_too_long', `A message holds at most ${MAX_TEXT_LENGTH} characters.`);
}

function refused(requestId: number | null, error: ChatError): Decoded {
  return { kind: 'refused', requestId, error };
}
