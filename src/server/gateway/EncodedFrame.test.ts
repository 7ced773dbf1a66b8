import type { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import * as ws from 'ws';
import { EncodedFrame } from './EncodedFrame.ts';

// Newer than the types of ws.
const { Receiver } = ws as unknown as { Receiver: new () => Writable };

/** What ws, as a client, reads out of bytes. */
function readBack(bytes: Buffer): string[] {
  const texts: string[] = [];
  const receiver = new Receiver();
  receiver.on('message', (data: Buffer, isBinary: boolean) => texts.push(isBinary ? 'binary' : data.toString('utf8')));
  receiver.write(bytes);
  return texts;
}

// Around the lengths at which the head grows: 125 and 65,535 bytes.
it.each([0, 1, 124, 125, 126, 127, 65_534, 65_535, 65_536, 200_000])('%i bytes are one WebSocket message', (length) => {
  const json = 'x'.repeat(length);
  const frame = new EncodedFrame(json);
  expect(readBack(Buffer.concat([frame.webSocket, frame.webSocket]))).toEqual([json, json]);
  expect(frame.json.toString()).toBe(json);
});

it.each(['é'.repeat(63), '日本語'.repeat(30_000), '👩‍👩‍👧 "quoted"\n'])(
  'text is UTF-8, its length counted in bytes',
  (json) => {
    const frame = new EncodedFrame(json);
    expect(readBack(frame.webSocket)).toEqual([json]);
    expect(frame.json.toString('utf8')).toBe(json);
  },
);
