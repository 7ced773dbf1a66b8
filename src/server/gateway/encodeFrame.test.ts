import { expect, it, vi } from 'vitest';
import type { Message, ServerFrame } from '../../protocol/index.ts';
import { encodeFrame } from './encodeFrame.ts';

const message = (): Message => ({
  id: 'm1',
  threadId: 't1',
  seq: 1,
  version: 1,
  author: { id: 'ada', name: 'Ada “the first”', avatarUrl: null },
  parts: [{ type: 'text', text: 'é\n"{}"' }],
  createdAt: 1,
  editedAt: null,
  deletedAt: null,
  reactions: [],
});

const read = (frame: ServerFrame): unknown => JSON.parse(encodeFrame(frame).json.toString('utf8'));

it.each<ServerFrame>([
  { type: 'pong' },
  { type: 'message.created', message: message() },
  { type: 'message.updated', message: message() },
  { type: 'message.accepted', requestId: 7, message: message() },
  { type: 'message.saved', requestId: 0, message: message() },
  { type: 'thread.removed', threadId: 't"1' },
  {
    type: 'request.refused',
    requestId: null,
    error: { code: 'internal', message: 'a "message" of its own', retryable: true },
  },
])('$type travels as JSON', (frame) => {
  expect(read(frame)).toEqual(frame);
});

it('a message is written once, however many frames and connections it goes to', () => {
  const toJSON = vi.fn(message);
  const one = Object.assign(message(), { toJSON });
  const created: ServerFrame = { type: 'message.created', message: one };
  expect(read({ type: 'message.accepted', requestId: 1, message: one })).toEqual({
    type: 'message.accepted',
    requestId: 1,
    message: message(),
  });
  expect(encodeFrame(created)).toBe(encodeFrame(created));
  expect(read(created)).toEqual({ type: 'message.created', message: message() });
  expect(toJSON).toHaveBeenCalledTimes(1);
});
