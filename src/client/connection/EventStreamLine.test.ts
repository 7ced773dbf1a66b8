import { describe, expect, it } from 'vitest';
import { MAX_FRAME_BYTES } from '../../protocol/index.ts';
import type { ClientFrame } from '../../protocol/index.ts';
import { createScriptedEventStreams, FakeClock } from '../../testing/index.ts';
import { ChatToken } from '../auth/ChatToken.ts';
import { EventStreamLine } from './EventStreamLine.ts';
import { accepted } from './test-fixtures.ts';
import type { LineEnd } from './Transport.ts';

async function setup({ open = true } = {}) {
  const clock = new FakeClock();
  const requests: { url: string; init: RequestInit }[] = [];
  const streams = createScriptedEventStreams();
  const heard: string[] = [];
  const ends: LineEnd[] = [];
  let alive = 0;
  let token = makeToken('first');
  const line = new EventStreamLine({
    url: 'https://app.test/chat',
    clock,
    fetch: (input, init = {}) => {
      requests.push({ url: input instanceof Request ? input.url : String(input), init });
      return streams.fetch(input, init);
    },
    token: () => token,
    handlers: {
      onFrame: (data) => heard.push(data),
      onAlive: () => (alive += 1),
      onEnd: (end) => ends.push(end),
    },
  });
  const stream = streams.latest;
  if (open) {
    stream.open();
    stream.deliver(accepted(clock));
    await clock.settle();
    heard.length = 0;
  }
  return {
    line,
    stream,
    clock,
    requests,
    heard,
    ends,
    alive: () => alive,
    renew: (raw: string) => (token = makeToken(raw)),
  };
}

const makeToken = (raw: string) => new ChatToken(raw, { claims: null, issuedAt: 0, expiresAt: 60_000 });
const ping: ClientFrame = { type: 'ping' };
const unsubscribe = (threadId: string): ClientFrame => ({ type: 'thread.unsubscribe', threadId });
const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json', ...headers } });

describe('the stream', () => {
  it('T46 is asked for with the token in a header, never in the address, and with the protocol’s version', async () => {
    const { requests, stream } = await setup();
    expect(requests[0]?.url).toBe('https://app.test/chat/events');
    expect(stream.headers.get('authorization')).toBe('Bearer first');
    expect(stream.headers.get('latchkit-protocol')).toBe('1');
    expect(stream.headers.get('accept')).toBe('text/event-stream');
    expect(requests[0]?.init).toMatchObject({ credentials: 'same-origin', cache: 'no-store', redirect: 'error' });
  });

  it('frames survive however the network cuts them: within an event, a line, a character', async () => {
    const { stream, clock, heard } = await setup();
    const bytes = new TextEncoder().encode(': hello\n\ndata: {"a":"né 🙂"}\n\ndata: {"b":2}\r\n\r\n');
    for (const byte of bytes) {
      stream.write(new Uint8Array([byte]));
      await clock.settle();
    }
    expect(heard).toEqual(['{"a":"né 🙂"}', '{"b":2}']);
  });

  it('C12 a comment is a sign of life', async () => {
    const { stream, clock, alive, heard } = await setup();
    stream.write(': ok\n\n');
    await clock.settle();
    expect([alive(), heard.length]).toEqual([1, 0]);
  });

  it.each([
    ['{"code":4101,"reason":"lapsed"}', { code: 4101, reason: 'lapsed' }],
    ['{"code":1012,"reason":"{\\"spreadMs\\":9}"}', { code: 1012, reason: '{"spreadMs":9}' }],
    ['{"code":"4101"}', { code: 1006, reason: '' }],
    ['null', { code: 1006, reason: '' }],
    ['nonsense', { code: 1006, reason: '' }],
  ])('event: close %s ends it as %o', async (data, end) => {
    const { stream, clock, ends, heard } = await setup();
    stream.write(`event: close\ndata: ${data}\n\ndata: {"late":true}\n\n`);
    await clock.settle();
    expect(ends).toEqual([end]);
    expect(heard).toEqual([]);
    expect(stream.closedByClient).toBe(1000);
  });

  it('an end without a word is a lost line', async () => {
    const { stream, clock, ends } = await setup();
    stream.drop();
    await clock.settle();
    expect(ends).toEqual([{ code: 1006, reason: '' }]);
  });

  const refusals: [string, Response, Partial<LineEnd>][] = [
    ['401', json(401, { code: 'token_expired' }), { code: 4100, reason: 'token_expired' }],
    ['403 of another origin', json(403, { code: 'cross_site_refused' }), { code: 1008 }],
    ['403 of another user', json(403, { code: 'user_mismatch' }), { code: 1008 }],
    ['400', json(400, { code: 'bad_request' }), { code: 1008 }],
    ['429', json(429, { code: 'rate_limited' }, { 'retry-after': '7' }), { code: 1013 }],
    ['503 of a balancer', new Response('busy', { status: 503, headers: { 'retry-after': '7' } }), { code: 1013 }],
    ['401 of a proxy', new Response('<html>', { status: 401 }), { code: 1006 }],
    ['403 of a proxy', new Response('<html>', { status: 403 }), { code: 1006 }],
    ['403 of another API', json(403, { code: 'constructor' }), { code: 1006 }],
    ['404', json(404, { code: 'not_found' }), { code: 1006 }],
    [
      '200 that is a sign-in page',
      new Response('<html>', { headers: { 'content-type': 'text/html' } }),
      { code: 1006 },
    ],
  ];
  it.each(refusals)('refused with %s', async (_name, response, end) => {
    const { stream, clock, ends } = await setup({ open: false });
    const retryAfterMs = response.headers.has('retry-after') ? 7_000 : undefined;
    stream.refuse(response);
    await clock.settle();
    expect(ends).toMatchObject([{ ...end, error: { retryAfterMs } }]);
  });
});

describe('the requests with frames', () => {
  it('name the connection and carry the newest token', async () => {
    const { line, stream, clock, requests, renew } = await setup();
    line.send(ping);
    await clock.settle();
    renew('second');
    line.send({ type: 'auth.renew', requestId: 1, token: 'second' });
    await clock.settle();
    expect(stream.posts.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer first', 'Bearer second']);
    expect(stream.posts[1]?.headers.get('latchkit-connection')).toBe(stream.connectionId);
    expect(stream.posts[1]?.headers.get('content-type')).toBe('application/json');
    expect(stream.sent.map(({ type }) => type)).toEqual(['auth.open', 'ping', 'auth.renew']);
    expect(requests.at(-1)).toMatchObject({ url: 'https://app.test/chat/frames', init: { method: 'POST' } });
  });

  it('go one at a time; what waits is batched, at most 50, in order', async () => {
    const { line, stream, clock } = await setup();
    const answers: (() => void)[] = [];
    let most = 0;
    let under = 0;
    stream.onPost = () => {
      most = Math.max(most, (under += 1));
      return new Promise((resolve) =>
        answers.push(() => {
          under -= 1;
          resolve(new Response(null, { status: 204 }));
        }),
      );
    };
    for (let i = 0; i < 3; i += 1) line.send(unsubscribe(`${i}`));
    await clock.settle();
    for (let i = 3; i < 70; i += 1) line.send(unsubscribe(`${i}`));
    for (let i = 0; i < 3; i += 1) {
      answers[i]?.();
      await clock.settle();
    }
    expect(stream.posts.map(({ frames }) => frames.length)).toEqual([3, 50, 17]);
    const order = stream.posts.flatMap(({ frames }) => frames.map((frame) => 'threadId' in frame && frame.threadId));
    expect(order).toEqual(Array.from({ length: 70 }, (_, i) => `${i}`));
    expect(most).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it('stay within the size of a frame, which one frame may fill alone', async () => {
    const { line, stream, clock, requests } = await setup();
    const frame = unsubscribe('é'.repeat(12_000)); // 24 kB
    const large = unsubscribe('x'.repeat(MAX_FRAME_BYTES - 60));
    for (const each of [frame, frame, frame, large, frame]) line.send(each);
    await clock.settle();
    expect(stream.posts.map(({ frames }) => frames.length)).toEqual([2, 1, 1, 1]);
    const sizes = requests.slice(1).map(({ init }) => new TextEncoder().encode(init.body as string).length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_FRAME_BYTES);
  });

  it.each([
    ['the connection is gone', json(404, { code: 'not_found' }), 1006],
    ['the token lapsed', json(401, { code: 'token_expired' }), 4100],
    ['too fast', json(429, { code: 'rate_limited' }), 1013],
    ['too large', json(413, { code: 'bad_request' }), 1009],
  ])('%s: the line ends, and nothing more is sent', async (_name, response, code) => {
    const { line, stream, clock, ends } = await setup();
    stream.onPost = () => response;
    line.send(ping);
    await clock.settle();
    line.send(ping);
    await clock.settle();
    expect(ends).toMatchObject([{ code }]);
    expect(stream.posts.length).toBe(1);
    expect(stream.closedByClient).toBe(1000);
  });

  it('a request that the network fails ends the line', async () => {
    const { line, stream, clock, ends } = await setup();
    stream.onPost = () => Promise.reject(new TypeError('Failed to fetch'));
    line.send(ping);
    await clock.settle();
    expect(ends).toEqual([{ code: 1006, reason: '' }]);
  });

  it('a request that hangs for 10 s ends the line', async () => {
    const { line, stream, clock, ends } = await setup();
    stream.onPost = () => new Promise(() => {});
    line.send(ping);
    await clock.advance(9_900);
    expect(ends).toEqual([]);
    await clock.advance(200);
    expect(ends).toEqual([{ code: 1006, reason: '' }]);
    expect(clock.pending).toBe(0);
  });

  it('C8 close() hangs up in the same tick and drops what waits', async () => {
    const { line, stream, clock, ends, requests } = await setup();
    line.send(ping);
    line.close();
    expect(stream.closedByClient).toBe(1000);
    expect(requests.every(({ init }) => init.signal?.aborted)).toBe(true);
    await clock.settle();
    expect([stream.posts.length, ends.length, clock.pending]).toEqual([0, 0, 0]);
  });
});
