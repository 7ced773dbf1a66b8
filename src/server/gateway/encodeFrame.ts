import type { Message, ServerFrame } from '../../protocol/index.ts';

const frames = new WeakMap<ServerFrame, Buffer>();
const messages = new WeakMap<Message, string>();

/** A frame as it travels. One object that goes to many connections is written once, and so is a message that is in several frames. */
export function encodeFrame(frame: ServerFrame): Buffer {
  // An answer goes to who asked, and to nobody else.
  if ('requestId' in frame) return Buffer.from(toJson(frame));
  let bytes = frames.get(frame);
  if (!bytes) frames.set(frame, (bytes = Buffer.from(toJson(frame))));
  return bytes;
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
