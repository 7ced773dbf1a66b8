import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { clientFrameSchema } from './client-frames.ts';
import { MAX_FRAME_BYTES, MAX_ID_LENGTH, MAX_TEXT_LENGTH } from './limits.ts';
import { serverFrameSchema } from './server-frames.ts';

const bytes = (frame: unknown) => new TextEncoder().encode(JSON.stringify(frame)).length;
const send = (text: string, id = 'm') => ({
  type: 'message.send',
  requestId: 1,
  threadId: id,
  messageId: id,
  parts: [{ type: 'text', text }],
});

describe('client frames', () => {
  test.each([
    ['a control character, six bytes in JSON', '\u0001'],
    ['a character of three bytes', '\u20ac'],
    ['a quotation mark, escaped in JSON', '"'],
  ])('the longest text fits in a frame even when each unit is %s', (_, unit) => {
    const frame = send(unit.repeat(MAX_TEXT_LENGTH), '\u20ac'.repeat(MAX_ID_LENGTH));
    expect(v.is(clientFrameSchema, frame)).toBe(true);
    expect(bytes(frame)).toBeLessThanOrEqual(MAX_FRAME_BYTES);
  });

  test.each([
    ['a text over the limit', send('x'.repeat(MAX_TEXT_LENGTH + 1))],
    ['no part', { ...send('x'), parts: [] }],
    ['an id with a space', send('x', 'a b')],
    ['an id with a line break', send('x', 'a\nb')],
    ['an empty id', send('x', '')],
    ['a negative seq', { type: 'thread.subscribe', requestId: 1, threadId: 't', afterSeq: -1 }],
    ['a seq that is no whole number', { type: 'thread.subscribe', requestId: 1, threadId: 't', afterSeq: 1.5 }],
    ['a page of a thousand', { type: 'history.fetch', requestId: 1, threadId: 't', beforeSeq: 9, limit: 1000 }],
    ['an unknown type', { type: 'message.whisper' }],
    ['an array', []],
  ])('refuses %s', (_, frame) => {
    expect(v.is(clientFrameSchema, frame)).toBe(false);
  });
});

describe('server frames', () => {
  const message = {
    id: 'm1',
    threadId: 't1',
    seq: 1,
    version: 1,
    author: { id: 'ada', name: 'Ada', avatarUrl: null },
    parts: [] as unknown[],
    createdAt: 0,
    editedAt: null,
    deletedAt: null,
    reactions: [],
  };

  test.each([
    { type: 'text', text: 'x'.repeat(MAX_TEXT_LENGTH + 1), state: 'streaming' },
    { type: 'reasoning', text: 'Let me see', state: 'done' },
    { type: 'source-url', sourceId: 's', url: 'https://example.com', title: 'Example' },
    { type: 'source-document', sourceId: 's', mediaType: 'application/pdf', title: 'Handbook', filename: 'a.pdf' },
    { type: 'tool-weather', toolCallId: 'c', state: 'input-streaming', input: { city: 'Ber' } },
    { type: 'dynamic-tool', toolName: 'weather', toolCallId: 'c', state: 'output-error', input: 1, errorText: 'no' },
    { type: 'data-weather', id: 'd', data: { degrees: 3 } },
    { type: 'step-start' },
  ])('a part of an answer, $type, arrives as it was sent', (part) => {
    const frame = { type: 'message.updated', message: { ...message, parts: [part] } };
    expect(v.parse(serverFrameSchema, frame)).toEqual(frame);
  });

  test.each([
    { type: 'tool-', toolCallId: 'c', state: 'input-available' },
    { type: 'tool-weather', toolCallId: 'c', state: 'thinking' },
    { type: 'data-', data: 1 },
    { type: 'reasoning' },
    { type: 'source-url', sourceId: 's' },
    { type: 7 },
    null,
    [],
  ])('a part that is not as it should be, %j, is left out', (part) => {
    const parsed = v.parse(serverFrameSchema, { type: 'message.created', message: { ...message, parts: [part] } });
    expect(parsed).toMatchObject({ message: { parts: [] } });
  });

  test('an answer in a state that this version does not know is taken as done', () => {
    const answer = { status: 'dreaming', to: 'm0', run: 1, at: 0, error: null };
    const parsed = v.parse(serverFrameSchema, { type: 'message.created', message: { ...message, answer } });
    expect(parsed).toMatchObject({ message: { answer: { status: 'done' } } });
  });

  test('chunks of an unknown kind travel, for whoever knows them', () => {
    const chunks = [
      { type: 'text-delta', id: '1', delta: 'Hi' },
      { type: 'hologram', depth: 3 },
    ];
    const frame = { type: 'answer.streamed', threadId: 't1', messageId: 'm1', run: 1, at: 0, chunks };
    expect(v.parse(serverFrameSchema, frame)).toEqual(frame);
  });

  test('a field that this version does not know does no harm: a newer server may add some', () => {
    const frame = { type: 'pong', addedLater: true };
    expect(v.safeParse(serverFrameSchema, frame)).toMatchObject({ success: true, output: { type: 'pong' } });
  });

  test('a part that this version does not know is left out, and the message still arrives', () => {
    const text = { type: 'text', text: 'See the map' };
    const sent = { ...message, parts: [text, { type: 'hologram', url: 'x' }] };
    const parsed = v.parse(serverFrameSchema, { type: 'message.created', message: sent });
    expect(parsed).toEqual({ type: 'message.created', message: { ...message, parts: [text] } });
  });
});
