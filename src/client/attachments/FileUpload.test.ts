import { describe, expect, it, vi } from 'vitest';
import { FakeClock } from '../../testing/FakeClock.ts';
import { ChatToken } from '../auth/ChatToken.ts';
import { ChatError } from '../../protocol/index.ts';
import { FakeSignals } from '../test-fixtures.ts';
import { FileUpload } from './FileUpload.ts';
import type { UploadOptions, UploadState } from './types.ts';
import type { UploadRequest, UploadResponse, UploadTransport } from './UploadTransport.ts';

const MB = 1_048_576;
const token = (raw: string) => new ChatToken(raw, { claims: null, issuedAt: 0, expiresAt: Number.MAX_SAFE_INTEGER });
const answer = (status: number, headers: Record<string, string> = {}, body: unknown = ''): UploadResponse => ({
  status,
  header: (name) => headers[name.toLowerCase()] ?? null,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const problem = (status: number, code: string, detail: string) => answer(status, {}, { code, detail, title: 'x' });
const ATTACHMENT = { attachmentId: 'u1', filename: 'a.bin', mediaType: 'image/png', size: 1, width: 2, height: 3 };

/** A server that keeps to the protocol, unless a fault is set for its next request of a kind. */
class FakeServer {
  readonly requests: { method: string; url: string; offset?: number; bytes: number; token: string }[] = [];
  received = 0;
  uploads = 0;
  metadata = '';
  /** Taken in turn by requests of that method; undefined lets one through. */
  faults: Partial<
    Record<UploadRequest['method'], (((request: UploadRequest) => Promise<UploadResponse>) | undefined)[]>
  > = {};
  goodTokens = new Set(['t1']);

  readonly transport: UploadTransport = async (request) => {
    const { method, url, headers, body } = request;
    const raw = (headers.authorization ?? '').replace('Bearer ', '');
    const offset = headers['upload-offset'];
    this.requests.push({ method, url, bytes: body?.size ?? 0, token: raw, ...(offset && { offset: Number(offset) }) });
    expect(headers['tus-resumable']).toBe('1.0.0');
    await Promise.resolve();
    const fault = this.faults[method]?.shift();
    if (fault) return fault(request);
    if (!this.goodTokens.has(raw)) return problem(401, 'token_expired', 'The token has expired.');
    if (method === 'POST' && url.endsWith('/uploads')) {
      this.uploads += 1;
      this.received = 0;
      this.metadata = headers['upload-metadata'] ?? '';
      return answer(201, { location: `/chat/uploads/u${this.uploads}` });
    }
    if (method === 'HEAD') return answer(200, { 'upload-offset': String(this.received) });
    if (method === 'PATCH') {
      if (Number(offset) !== this.received) return answer(409);
      request.onProgress((body?.size ?? 0) / 2);
      this.received += body?.size ?? 0;
      return answer(204, { 'upload-offset': String(this.received) });
    }
    return method === 'DELETE' ? answer(204) : answer(200, {}, ATTACHMENT);
  };

  methods(): string[] {
    return this.requests.map(({ method, url }) => (method === 'POST' && !url.endsWith('/uploads') ? 'FINISH' : method));
  }
}

function setUp(options: Partial<UploadOptions> & { size?: number } = {}) {
  const server = new FakeServer();
  const clock = new FakeClock();
  const signals = new FakeSignals();
  const tokens = {
    get: vi.fn(() => Promise.resolve(token('t1'))),
    forceRefresh: vi.fn((rejected: ChatToken) => {
      server.goodTokens = new Set([`${rejected.raw()}+`]);
      return Promise.resolve(token(`${rejected.raw()}+`));
    }),
  };
  const { size = 20 * MB, ...rest } = options;
  const start = () => {
    const upload = new FileUpload({
      url: 'https://chat.example/chat',
      threadId: 't',
      file: new File([new Uint8Array(size)], 'Größe.png'),
      tokens,
      clock,
      signals,
      transport: server.transport,
      ...rest,
    });
    const seen: UploadState[] = [];
    upload.subscribe(() => seen.push(upload.get()));
    return { upload, seen };
  };
  return { server, clock, signals, tokens, start };
}

const hangs = (request: UploadRequest) =>
  new Promise<UploadResponse>((_, reject) => {
    request.signal.addEventListener('abort', () => reject(request.signal.reason as Error));
  });
const lost = () => Promise.reject(new TypeError('network'));

describe('an upload', () => {
  it('begins, sends piece by piece with progress, has the file checked, and is done', async () => {
    const { server, tokens, start } = setUp();
    const { upload, seen } = start();
    expect(upload.get()).toMatchObject({ status: 'waiting', loaded: 0, total: 20 * MB });
    expect(await upload.done).toEqual(ATTACHMENT);
    expect(server.methods()).toEqual(['POST', 'PATCH', 'PATCH', 'PATCH', 'FINISH']);
    expect(server.requests.map(({ bytes }) => bytes / MB)).toEqual([0, 8, 8, 4, 0]);
    expect(seen.map(({ status, loaded }) => `${status} ${loaded / MB}`)).toEqual([
      'uploading 0',
      'uploading 4',
      'uploading 8',
      'uploading 12',
      'uploading 16',
      'uploading 18',
      'uploading 20',
      'processing 20',
      'done 20',
    ]);
    expect(upload.get().attachment).toEqual(ATTACHMENT);
    expect(tokens.get).toHaveBeenCalledTimes(5);
    const name = server.metadata.split(',').at(-1)?.split(' ').at(-1) ?? '';
    expect(Buffer.from(name, 'base64').toString()).toBe('Größe.png');
  });

  it('survives tokens that change in its middle, and asks for a new one where the server refuses', async () => {
    const { server, tokens, start } = setUp();
    let n = 0;
    tokens.get.mockImplementation(() => Promise.resolve(token(`t${++n}`)));
    server.goodTokens = new Set(['t1', 't2', 't4', 't5', 't6', 't7', 't8']);
    tokens.forceRefresh.mockImplementation((rejected) => {
      expect(rejected.raw()).toBe('t3');
      return Promise.resolve(token('t8'));
    });
    await start().upload.done;
    expect(server.requests.map((request) => request.token)).toEqual(['t1', 't2', 't3', 't8', 't4', 't5']);
  });

  it('refused with a fresh token, too, fails with the server’s words', async () => {
    const { server, tokens, start } = setUp();
    server.goodTokens = new Set();
    tokens.forceRefresh.mockImplementation(() => Promise.resolve(token('t9')));
    const { upload } = start();
    await expect(upload.done).rejects.toMatchObject({ code: 'token_expired' });
    expect(tokens.forceRefresh).toHaveBeenCalledOnce();
  });

  it('goes on at the byte that the server has after a break', async () => {
    const { server, clock, start } = setUp();
    server.faults.PATCH = [
      undefined,
      async () => {
        server.received += 3 * MB;
        return lost();
      },
    ];
    const { upload, seen } = start();
    await vi.waitFor(() => expect(upload.get().status).toBe('waiting'));
    await clock.advance(1_000);
    await upload.done;
    expect(server.methods()).toEqual(['POST', 'PATCH', 'PATCH', 'HEAD', 'PATCH', 'PATCH', 'FINISH']);
    expect(server.requests[4]).toMatchObject({ offset: 11 * MB });
    expect(seen.every(({ loaded }) => loaded <= 20 * MB)).toBe(true);
  });

  it('pauses while the device is offline and goes on when it is back', async () => {
    const { server, signals, start } = setUp();
    let reached = () => {};
    const onItsWay = new Promise<void>((resolve) => (reached = resolve));
    server.faults.PATCH = [
      undefined,
      (request) =>
        new Promise((_, reject) => {
          reached();
          request.signal.addEventListener('abort', () => reject(request.signal.reason as Error));
        }),
    ];
    const { upload } = start();
    await onItsWay;
    signals.emit('offline');
    await vi.waitFor(() => expect(upload.get().status).toBe('paused'));
    const before = server.requests.length;
    signals.emit('wake');
    await Promise.resolve();
    expect(server.requests).toHaveLength(before);
    signals.emit('online');
    await upload.done;
    expect(server.methods()).toEqual(['POST', 'PATCH', 'PATCH', 'HEAD', 'PATCH', 'PATCH', 'FINISH']);
  });

  it('begun offline, it waits for the network', async () => {
    const { server, signals, start } = setUp({ size: 10 });
    signals.emit('offline');
    const { upload } = start();
    await vi.waitFor(() => expect(upload.get().status).toBe('paused'));
    expect(server.requests).toEqual([]);
    signals.emit('online');
    expect(await upload.done).toEqual(ATTACHMENT);
  });

  it('gives up on a connection that moves nothing for a minute', async () => {
    const { server, clock, start } = setUp({ size: 10 });
    server.faults.PATCH = [hangs];
    const { upload } = start();
    await vi.waitFor(() => expect(upload.get().status).toBe('uploading'));
    await clock.advance(60_000);
    await vi.waitFor(() => expect(upload.get().status).toBe('waiting'));
    await clock.advance(1_000);
    expect(await upload.done).toEqual(ATTACHMENT);
  });

  it('leaves it to the person after eight failures without a byte, and goes on where it was when told to', async () => {
    const { server, clock, start } = setUp();
    server.faults.PATCH = [undefined, ...Array.from({ length: 9 }, () => lost)];
    const { upload } = start();
    const failed = expect(upload.done).rejects.toMatchObject({ code: 'connection_lost', retryable: true });
    for (let n = 0; n < 20; n++) await clock.advance(30_000);
    expect(server.methods().filter((each) => each === 'PATCH')).toHaveLength(10);
    await failed;
    expect(upload.get()).toMatchObject({ status: 'failed', error: { code: 'connection_lost' } });
    const before = server.requests.length;
    upload.retry();
    expect(await upload.done).toEqual(ATTACHMENT);
    expect(server.requests[before]).toMatchObject({ method: 'HEAD' });
    expect(server.requests[before + 1]).toMatchObject({ method: 'PATCH', offset: 8 * MB });
    expect(server.uploads).toBe(1);
  });

  it('waits no longer when the network comes back', async () => {
    const { server, clock, signals, start } = setUp({ size: 10 });
    server.faults.POST = [lost];
    const { upload } = start();
    await vi.waitFor(() => expect(upload.get().status).toBe('waiting'));
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    await clock.settle();
    signals.emit('online');
    expect(await upload.done).toEqual(ATTACHMENT);
  });

  it.each([
    ['attachment_too_large', 413, 'POST'],
    ['thread_forbidden', 403, 'PATCH'],
    ['rate_limited', 429, 'POST'],
  ] as const)('%s fails at once with the server’s words', async (code, status, method) => {
    const { server, start } = setUp({ size: 10 });
    server.faults[method] = [() => Promise.resolve(problem(status, code, 'In so many words.'))];
    const { upload } = start();
    await expect(upload.done).rejects.toMatchObject({ code, message: 'In so many words.' });
    expect(upload.get()).toMatchObject({ status: 'failed', error: { code } });
  });

  it('a file that the check refuses fails; a check that could not be made is tried again', async () => {
    const { server, clock, start } = setUp({ size: 10 });
    server.faults.POST = [
      undefined,
      () => Promise.resolve(problem(500, 'internal', 'The file could not be checked just now.')),
      () => Promise.resolve(problem(422, 'attachment_refused', 'It holds a virus.')),
    ];
    const { upload } = start();
    await vi.waitFor(() => expect(server.methods()).toEqual(['POST', 'PATCH', 'FINISH']));
    expect(upload.get().status).toBe('processing');
    const refused = expect(upload.done).rejects.toMatchObject({
      code: 'attachment_refused',
      message: 'It holds a virus.',
    });
    await clock.settle();
    await clock.advance(30_000);
    await refused;
  });

  it('begins anew, once, when the server does not know it any more', async () => {
    const { server, start } = setUp();
    server.faults.PATCH = [
      undefined,
      () => Promise.resolve(problem(404, 'attachment_not_found', 'There is no such upload.')),
    ];
    const { upload } = start();
    expect(await upload.done).toEqual(ATTACHMENT);
    expect(server.uploads).toBe(2);
    const again = setUp();
    again.server.faults.PATCH = Array.from(
      { length: 2 },
      () => () => Promise.resolve(problem(404, 'attachment_not_found', 'No.')),
    );
    await expect(again.start().upload.done).rejects.toMatchObject({ code: 'attachment_not_found' });
  });

  it('sends smaller pieces where a proxy takes no larger ones', async () => {
    const { server } = setUp();
    const { transport } = server;
    const proxy: UploadTransport = (request) =>
      (request.body?.size ?? 0) > MB ? Promise.resolve(answer(413, {}, '<html>too large</html>')) : transport(request);
    const upload = setUp({ size: 3 * MB, transport: proxy }).start().upload;
    expect(await upload.done).toEqual(ATTACHMENT);
    expect(server.requests.filter(({ method }) => method === 'PATCH').map(({ bytes }) => bytes / MB)).toEqual(
      Array.from({ length: 6 }, () => 0.5),
    );
  });

  it.each([
    ['an address of somebody else', answer(201, { location: 'https://evil.example/collect' })],
    ['none', answer(201)],
    ['a page', answer(200, {}, '<html>')],
  ])('sends the token nowhere else when the answer names %s', async (_, response) => {
    const { server, start } = setUp({ size: 10 });
    server.faults.POST = [() => Promise.resolve(response)];
    const { upload } = start();
    await upload.done.catch(() => {});
    expect(server.requests.every(({ url }) => url.startsWith('https://chat.example/chat/uploads'))).toBe(true);
  });

  it('canceled, it stops at once, takes back what is there, and rejects as fetch does', async () => {
    const { server, start } = setUp();
    server.faults.PATCH = [hangs];
    const { upload } = start();
    await vi.waitFor(() => expect(server.methods()).toContain('PATCH'));
    upload.cancel();
    await expect(upload.done).rejects.toMatchObject({ name: 'AbortError' });
    expect(upload.get()).toMatchObject({ status: 'canceled', error: null });
    await vi.waitFor(() => expect(server.methods().at(-1)).toBe('DELETE'));
    const before = server.requests.length;
    upload.retry();
    upload.cancel();
    await Promise.resolve();
    expect(server.requests).toHaveLength(before);
  });

  it('is canceled by its signal, with its reason, also before it began', async () => {
    const controller = new AbortController();
    controller.abort(new Error('left the page'));
    const { server, start } = setUp({ signal: controller.signal });
    const { upload } = start();
    await expect(upload.done).rejects.toThrow('left the page');
    expect(server.requests).toEqual([]);
  });

  it('canceled while it waits for a token, it sends nothing with it', async () => {
    const { server, tokens, start } = setUp();
    let give = (_: ChatToken) => {};
    tokens.get.mockImplementation(() => new Promise<ChatToken>((resolve) => (give = resolve)));
    const { upload } = start();
    upload.cancel();
    give(token('t1'));
    await expect(upload.done).rejects.toMatchObject({ name: 'AbortError' });
    expect(server.requests).toEqual([]);
  });

  it('signed out, it fails with that', async () => {
    const { tokens, start } = setUp();
    tokens.get.mockRejectedValue(new ChatError('signed_out', 'Signed out.'));
    await expect(start().upload.done).rejects.toMatchObject({ code: 'signed_out' });
  });

  it('retry() from a listener of the failure makes one attempt, not two', async () => {
    const { server, start } = setUp({ size: 10 });
    server.faults.POST = [() => Promise.resolve(problem(403, 'thread_forbidden', 'No.'))];
    const { upload } = start();
    upload.subscribe(() => upload.retry());
    await vi.waitFor(() => expect(upload.get().status).toBe('done'));
    expect(server.methods()).toEqual(['POST', 'POST', 'PATCH', 'FINISH']);
  });
});
