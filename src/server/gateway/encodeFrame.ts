import type { Message, ServerFrame } from '../../protocol/index.ts';
import { EncodedFrame } from './EncodedFrame.ts';

const frames = new WeakMap<ServerFrame, EncodedFrame>();
const messages = new WeakMap<Message, string>();

/** A frame as it travels. One object that goes to many connections is written once, and so is a message that is in several frames. */
export function encodeFrame(frame: ServerFrame): EncodedFrame {
  // An answer goes to who asked, and to nobody else.
  if ('requestId' in frame) return new EncodedFrame(toJson(frame));
  let encoded = frames.get(frame);
  if (!encoded) frames.set(frame, (encoded = new EncodedFrame(toJson(frame))));
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
  let json = messages.get(message);
  if (json === undefined) messages.set(message, (json = JSON.stringify(message)));
  return json;
}
