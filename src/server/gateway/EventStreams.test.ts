import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../../test/support/gateway.ts';
import { TestStream, type StreamRefused } from '../../../test/support/stream.ts';
import { CLOSE_CODES, MAX_FRAME_BYTES } from '../../protocol/index.ts';

let server: TestGateway;
beforeEach(async () => {
  server = await startTestGateway();
});
afterEach(() => server.stop());

const openAs = async (userId: string) => TestStream.open(server.base, await server.mint(userId));
const PING = '[{"type":"ping"}]';

async function refusal(token: string, headers: Record<string, string> = {}): Promise<StreamRefused> {
  return TestStream.connect(server.base, token, headers).then(
    () => expect.unreachable('the stream was opened'),
    (error: StreamRefused) => error,
  );
}

async function codeOf(response: Response): Promise<[number, string]> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return [response.status, ((await response.json()) as { code: string }).code];
}

describe('GET /events', () => {
  it('answers with a stream that nothing on the way keeps or holds back', async () => {
    const { headers } = (await openAs('ada')).response;
    expect(headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-accel-buffering']).toBe('no');
  });

  it('gives each connection a secret of at least 128 bits', async () => {
    const ids = new Set<string>();
    for (let n = 0; n < 5; n++) ids.add((await openAs('ada')).connectionId);
    expect(ids.size).toBe(5);
    for (const id of ids) expect(Buffer.from(id, 'base64url').byteLength).toBeGreaterThanOrEqual(16);
  });

  it('G7 shows that it lives every 25 s', async () => {
    const stream = await openAs('ada');
    server.clock.advance(24_999);
    await stream.ping();
    expect(stream.comments).toBe(0);
    server.clock.advance(1);
    await expect.poll(() => stream.comments).toBe(1);
    server.clock.advance(25_000);
    await expect.poll(() => stream.comments).toBe(2);
  });

  it.each([
    ['no token at all', () => '', {}, 401, 'token_invalid'],
    ['nonsense', () => 'nonsense', {}, 401, 'token_invalid'],
    ['a token over 4 KB', () => 'x'.repeat(5_000), {}, 401, 'token_too_large'],
    ['another protocol', () => server.mint(), { 'latchkit-protocol': '2' }, 400, 'bad_request'],
    ['no protocol', () => server.mint(), { 'latchkit-protocol': 'x' }, 400, 'bad_request'],
    ['a foreign page', () => server.mint(), { origin: 'https://evil.example' }, 403, 'cross_site_refused'],
    ['an opaque page', () => server.mint(), { origin: 'null' }, 403, 'cross_site_refused'],
    ['a neighbour', () => server.mint(), { 'sec-fetch-site': 'same-site' }, 403, 'cross_site_refused'],
  ])('G1 %s is told by status and code, and leaves nothing behind', async (_, token, headers, status, code) => {
    const error = await refusal(await token(), headers);
    expect([error.status, error.code]).toEqual([status, code]);
    expect(error.headers['cache-control']).toBe('no-store');
    await expect.poll(() => server.gateway.size).toBe(0);
  });

  it('an expired and a revoked token are told apart', async () => {
    const token = await server.mint('ada', 60);
    const revocation = { kind: 'user', id: 'ada', before: server.clock.now() + 1 } as const;
    await server.storage.addRevocation({ ...revocation, expiresAt: Number.MAX_SAFE_INTEGER });
    expect((await refusal(token)).code).toBe('token_revoked');
    server.clock.advance(66_000);
    expect((await refusal(token)).code).toBe('token_expired');
  });

  it('a database that is away is told by 503, with the time to wait', async () => {
    server.storage.getUser = () => Promise.reject(new Error('gone'));
    const error = await refusal(await server.mint());
    expect([error.status, error.code]).toEqual([503, 'database_unavailable']);
    expect(Number(error.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('G11 while the server closes it is answered 503', async () => {
    await server.gateway.close();
    const error = await refusal(await server.mint());
    expect([error.status, error.headers['retry-after']]).toEqual([503, '5']);
  });

  it('who goes away while the token is checked leaves nothing behind', async () => {
    let release!: () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    const read = server.storage.getUser.bind(server.storage);
    server.storage.getUser = async (userId) => {
      await released;
      return read(userId);
    };
    const gone = new AbortController();
    const asked = fetch(`${server.base}/events`, {
      signal: gone.signal,
      headers: { authorization: `Bearer ${await server.mint()}`, 'latchkit-protocol': '1' },
    }).catch(() => {});
    await expect.poll(() => server.gateway.size).toBe(1);
    gone.abort();
    await asked;
    await expect.poll(() => server.gateway.size).toBe(0);
    release();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.gateway.size).toBe(0);
    expect(server.clock.armed).toBe(0);
  });
});

describe('POST /frames', () => {
  it('takes 1–50 frames at once and answers on the stream, in their order', async () => {
    const stream = await openAs('ada');
    const many = Array.from({ length: 49 }, (_, n) => ({ type: 'nonsense', requestId: n }));
    const response = await stream.post(JSON.stringify([...many, { type: 'ping' }]));
    expect([response.status, await response.text()]).toEqual([204, '']);
    await stream.take('pong');
    expect(stream.frames.map((frame) => 'requestId' in frame && frame.requestId)).toEqual(many.map((_, n) => n));
  });

  it.each([
    ['an unknown connection', PING, { 'latchkit-connection': 'AAAA' }, 404, 'connection_lost'],
    ['no connection', PING, { 'latchkit-connection': '' }, 404, 'connection_lost'],
    ['a bad token', PING, { authorization: 'Bearer nonsense' }, 401, 'token_invalid'],
    ['no token', PING, { authorization: '' }, 401, 'token_invalid'],
    ['another scheme', PING, { authorization: 'Basic YTpi' }, 401, 'token_invalid'],
    ['a foreign page', PING, { origin: 'https://evil.example' }, 403, 'cross_site_refused'],
    ['a form', PING, { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    ['no frame', '[]', {}, 400, 'bad_request'],
    ['51 frames', JSON.stringify(Array(51).fill({ type: 'ping' })), {}, 400, 'bad_request'],
    ['one frame that is no array', '{"type":"ping"}', {}, 400, 'bad_request'],
    ['broken JSON', '[{"type":', {}, 400, 'bad_request'],
    ['nothing', '', {}, 400, 'bad_request'],
    ['too much', `["${'x'.repeat(MAX_FRAME_BYTES)}"]`, {}, 413, 'bad_request'],
  ])('%s is refused by status and code, and the connection goes on', async (_, body, headers, status, code) => {
    const stream = await openAs('ada');
    expect(await codeOf(await stream.post(body, headers as Record<string, string>))).toEqual([status, code]);
    await stream.ping();
    expect(stream.frames).toEqual([]);
  });

  it('G3 takes a body of exactly 64 KB', async () => {
    const stream = await openAs('ada');
    const body = PING + ' '.repeat(MAX_FRAME_BYTES - PING.length);
    expect((await stream.post(body)).status).toBe(204);
    await stream.take('pong');
  });

  it('another person’s token moves nothing, also who knows the connection’s secret', async () => {
    const stream = await openAs('ada');
    const headers = { authorization: `Bearer ${await server.mint('eve')}` };
    expect(await codeOf(await stream.post(PING, headers))).toEqual([403, 'user_mismatch']);
    expect(stream.frames).toEqual([]);
  });

  it('a newer token of the same person is good, and does not prolong the connection', async () => {
    const stream = await openAs('ada');
    for (let n = 0; n < 5; n++) {
      server.clock.advance(20_000);
      const headers = { authorization: `Bearer ${await server.mint('ada')}` };
      expect((await stream.post(PING, headers)).status).toBe(204);
      await stream.take('pong');
    }
    server.clock.advance(5_000);
    expect(await stream.closed).toBe(CLOSE_CODES.token_lapsed.code);
  });

  it('an ended connection is not there any more, at once', async () => {
    const stream = await openAs('ada');
    stream.send('{"no":"type"}');
    expect(await stream.ended).toEqual({ code: CLOSE_CODES.frame_malformed.code, reason: 'frame_malformed' });
    expect(await codeOf(await stream.post(PING))).toEqual([404, 'connection_lost']);
  });

  it('G8 an auth.open over a stream that has begun closes it', async () => {
    const stream = await openAs('ada');
    stream.send({ type: 'auth.open', protocol: 1, token: await server.mint() });
    expect(await stream.closed).toBe(CLOSE_CODES.auth_repeated.code);
  });

  it('G5 a flood that does not listen is not even read for a while', async () => {
    const stream = await openAs('ada');
    const flood = JSON.stringify(Array(50).fill({ type: 'ping' }));
    expect((await stream.post(flood)).status).toBe(204);
    expect((await stream.post(flood)).status).toBe(204);
    const refused = await stream.post(PING);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await codeOf(refused)).toEqual([429, 'rate_limited']);
    server.clock.advance(5_000);
    expect((await stream.post(PING)).status).toBe(204);
  });
});

describe('CORS', () => {
  it.each(['events', 'frames'])('G1 the preflight of %s lets the listed origin in, and no other', async (path) => {
    const ask = (origin: string) => fetch(`${server.base}/${path}`, { method: 'OPTIONS', headers: { origin } });
    const listed = await ask('https://web.example');
    expect(listed.status).toBe(204);
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://web.example');
    expect(listed.headers.get('access-control-allow-headers')?.split(', ')).toEqual(
      expect.arrayContaining(['authorization', 'content-type', 'latchkit-protocol', 'latchkit-connection']),
    );
    expect(listed.headers.get('access-control-allow-methods')?.split(', ')).toEqual(['GET', 'POST']);
    const evil = await ask('https://evil.example');
    expect(evil.status).toBe(403);
    expect(evil.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('a page of a listed origin reads stream, answers and refusals', async () => {
    const origin = 'https://web.example';
    const stream = await TestStream.connect(server.base, await server.mint(), {
      origin,
      'sec-fetch-site': 'cross-site',
    });
    expect(stream.response.headers['access-control-allow-origin']).toBe(origin);
    const refused = await stream.post(PING, { origin, 'latchkit-connection': 'AAAA' });
    expect(refused.status).toBe(404);
    expect(refused.headers.get('access-control-allow-origin')).toBe(origin);
  });

  it('another method is not allowed', async () => {
    const wrong = await fetch(`${server.base}/events`, { method: 'POST' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, OPTIONS']);
    expect((await fetch(`${server.base}/frames`)).headers.get('allow')).toBe('POST, OPTIONS');
  });
});
