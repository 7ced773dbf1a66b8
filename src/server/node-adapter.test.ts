import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { answer } from './node-adapter.ts';

let http: Server | undefined;
afterEach(() => {
  vi.useRealTimers();
  http?.closeAllConnections();
  http?.close();
});

async function serve(fetch: Parameters<typeof answer>[0]): Promise<number> {
  http = createServer((incoming, outgoing) => void answer(fetch, incoming, outgoing));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return (http.address() as AddressInfo).port;
}

async function get(port: number): Promise<IncomingMessage> {
  const asked = request({ port, host: '127.0.0.1', agent: false }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.on('error', () => {});
  return response;
}

/** A body without an end, which counts what was taken from it and tells when nobody wants more. */
function endless(chunkBytes: number) {
  const body = { taken: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        body.taken += chunkBytes;
        controller.enqueue(new Uint8Array(chunkBytes));
      },
      cancel: () => void (body.cancelled = true),
    },
    { highWaterMark: 0 },
  );
  return Object.assign(body, { stream });
}

it('sends each part of a stream as it comes', async () => {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({ start: (own) => void (controller = own) });
  const port = await serve(() => Promise.resolve(new Response(body)));
  controller.enqueue(Buffer.from('one'));
  const response = (await get(port)).setEncoding('utf8');
  expect(await once(response, 'data')).toEqual(['one']);
  controller.enqueue(Buffer.from('two'));
  expect(await once(response, 'data')).toEqual(['two']);
  controller.close();
  await once(response, 'end');
});

it('G6 takes no more from a stream than its reader does', async () => {
  const body = endless(65_536);
  const response = await get(await serve(() => Promise.resolve(new Response(body.stream))));
  response.socket.pause();
  // The network takes some megabytes, and then nothing more.
  for (let before = -1; body.taken !== before; await new Promise((resolve) => setTimeout(resolve, 300))) {
    before = body.taken;
  }
  expect(body.taken).toBeLessThan(50_000_000);
  expect(body.cancelled).toBe(false);
  response.destroy();
  await expect.poll(() => body.cancelled).toBe(true);
});

it('notices at once that the reader of a silent stream is gone', async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(Buffer.from('hello')),
    cancel: () => void (cancelled = true),
  });
  const response = await get(await serve(() => Promise.resolve(new Response(body))));
  await once(response, 'data');
  response.destroy();
  await expect.poll(() => cancelled).toBe(true);
});

it('cancels a stream whose reader went away before it began', async () => {
  const body = endless(10);
  const asked = vi.fn();
  const port = await serve(async (incoming) => {
    asked();
    await new Promise<void>((resolve) => incoming.signal.addEventListener('abort', () => resolve()));
    return new Response(body.stream);
  });
  const asking = request({ port, host: '127.0.0.1', agent: false }).end();
  asking.on('error', () => {});
  await expect.poll(() => asked).toHaveBeenCalled();
  asking.destroy();
  await expect.poll(() => body.cancelled).toBe(true);
  expect(body.taken).toBe(0);
});

it('G2 a body that comes a byte at a time is ended after 10 s', async () => {
  const asked = vi.fn(() => Promise.resolve(new Response('never')));
  const port = await serve(asked);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const arrived = once(http!, 'request');
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n');
  await arrived;
  for (let second = 0; second < 9; second++) {
    socket.write('x');
    vi.advanceTimersByTime(1_000);
  }
  expect(socket.destroyed).toBe(false);
  vi.advanceTimersByTime(1_000);
  await closed;
  expect(asked).not.toHaveBeenCalled();
});
