import type { Message, ServerFrame } from '../../protocol/index.ts';
import { EncodedFrame } from './EncodedFrame.ts';

/**
 * What was written last. One frame goes to all of its readers in a row, and a message's own frames follow each other, so the last one
 * is all that is ever asked for again: a table of them costs more than half of what it saves.
 */
let lastFrame: ServerFrame | null = null;
let lastEncoded: EncodedFrame | null = null;
let lastMessage: Message | null = null;
let lastJson = '';

/** Of a thread there is one frame per role, and they take turns. */
const threads = new WeakMap<ServerFrame, EncodedFrame>();

/** A frame as it travels. One object that goes to many connections is written once, and so is a message that is in several frames. */
export function encodeFrame(frame: ServerFrame): EncodedFrame {
  if (frame === lastFrame && lastEncoded) return lastEncoded;
  // An answer goes to who asked, and to nobody else.
  if ('requestId' in frame) return new EncodedFrame(toJson(frame));
  let encoded = frame.type === 'thread.updated' ? threads.get(frame) : undefined;
  encoded ??= new EncodedFrame(toJson(frame));
  if (frame.type === 'thread.updated') threads.set(frame, encoded);
  lastFrame = frame;
  lastEncoded = encoded;
  return encoded;
}

function toJson(frame: ServerFrame): string {
  switch (frame.type) {
    case 'message.created':
    case 'message.updated':
      return `{"type":"${frame.type}","message":${messageJson(frame.message)}}`;
    case 'message.accepted':
    case 'message.saved':
      return `{"type":"${frame.type}","requestId":${frame.requestId},"message":${messageJson(frame.message)}}`;
    default:
      return JSON.stringify(frame);
  }
}

function messageJson(message: Message): string {
  if (message !== lastMessage) {
    lastMessage = message;
    lastJson = JSON.stringify(message);
  }
  return lastJson;
}
