import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/chat-server.ts';
import type { TestClient } from '../../../test/support/TestClient.ts';
import { WIRES } from '../../../test/support/wires.ts';
import { CLOSE_CODES, MAX_FRAME_BYTES, MAX_TEXT_LENGTH } from '../../protocol/index.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({ allowedOrigins: ['https://web.example'] });
  await server.chat.threads.upsert({ id: 'open', title: 'Open', access: 'open' });
});
afterEach(() => server.stop());

const refused = (client: TestClient, frame: { type: string; [field: string]: unknown }) =>
  client.request(frame, 'request.refused').then((answer) => answer.error);
const text = (value: string) => [{ type: 'text', text: value }];

describe.each(WIRES)('G9 frames that are wrong ($name)', (wire) => {
  const connect = async (userId: string) => wire.open(`${server.url}/chat`, await server.mint(userId));

  it.each([
    ['a frame nobody knows', { type: 'thread.explode' }, 'unknown_frame'],
    ['a wrong field', { type: 'thread.subscribe', threadId: 'has space' }, 'bad_request'],
    ['a page that is too large', { type: 'history.fetch', threadId: 'open', beforeSeq: 1, limit: 101 }, 'bad_request'],
    ['no parts', { type: 'message.send', threadId: 'open', messageId: 'm', parts: [] }, 'bad_request'],
    [
      'an unknown part',
      { type: 'message.send', threadId: 'open', messageId: 'm', parts: [{ type: 'x' }] },
      'bad_request',
    ],
    ['white space', { type: 'message.send', threadId: 'open', messageId: 'm', parts: text(' \n\t') }, 'message_empty'],
    [
      'a long part',
      { type: 'message.send', threadId: 'open', messageId: 'm', parts: text('x'.repeat(MAX_TEXT_LENGTH + 1)) },
      'message_too_long',
    ],
    [
      'long parts together',
      {
        type: 'message.send',
        threadId: 'open',
        messageId: 'm',
        parts: [...text('x'.repeat(MAX_TEXT_LENGTH)), ...text('y')],
      },
      'message_too_long',
    ],
    ['a renewal without a token', { type: 'auth.renew' }, 'bad_request'],
  ])('%s is refused by its code, and the connection goes on', async (_, frame, code) => {
    const ada = await connect('ada');
    const error = await refused(ada, frame);
    expect(error).toMatchObject({ code, retryable: false });
    if (code === 'unknown_frame') expect(error.message).toContain('thread.explode');
    ada.send({ type: 'ping' });
    await ada.take('pong');
  });

  it('an unknown frame without an id is refused without one', async () => {
    const ada = await connect('ada');
    ada.send({ type: 'typing.start', threadId: 'open' });
    expect(await ada.take('request.refused')).toMatchObject({ requestId: null, error: { code: 'unknown_frame' } });
  });

  it.each([
    ['no object', '"text"'],
    ['an array', '[]'],
    ['no type', '{}'],
    ['a known frame that nothing would answer', '{"type":"thread.unsubscribe"}'],
    ['a request without an id', '{"type":"thread.list"}'],
  ])('%s closes as malformed', async (_, raw) => {
    const ada = await connect('ada');
    ada.send(raw);
    expect(await ada.closed).toBe(CLOSE_CODES.frame_malformed.code);
  });
});

describe('what is no frame at all', () => {
  it.each(['nonsense', '', '[1', '{"type":"ping"}}', '\u0000'])('%j closes a socket as malformed', async (raw) => {
    const ada = await server.connect('ada');
    ada.send(raw);
    expect(await ada.closed).toBe(CLOSE_CODES.frame_malformed.code);
  });

  it('a binary frame closes as malformed', async () => {
    const ada = await server.connect('ada');
    ada.raw.send(Buffer.from('{"type":"ping"}'));
    expect(await ada.closed).toBe(CLOSE_CODES.frame_malformed.code);
  });

  it.each([MAX_FRAME_BYTES + 1, 5_000_000])('G3 a frame of %i bytes closes as too large', async (size) => {
    const ada = await server.connect('ada');
    ada.raw.on('error', () => {});
    ada.send('x'.repeat(size));
    expect(await ada.closed).toBe(CLOSE_CODES.frame_too_large.code);
  });
});
