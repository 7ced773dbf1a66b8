import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { problem } from './token/problem.ts';

/** A frame, or a few. */
const MAX_BODY_BYTES = 65_536;
/** A whole conversation, as clients of the AI SDK send it. */
const LARGE_BODY_BYTES = 1_048_576;
/** A body of that size that takes longer comes from somebody who wants to hold the connection, and the memory, for long. */
const BODY_TIMEOUT_MS = 10_000;

/** What waits between the network and whoever reads a streamed body. */
const STREAM_BUFFER_BYTES = 262_144;

interface BodyPaths {
  streamed?: string | undefined;
  large?: string | undefined;
}

/** @param peer address that the request came from */
type Fetch = (request: Request, peer: string | undefined) => Promise<Response>;

/**
 * Answers a Node request by a web-standard handler. Never rejects.
 * @param paths `streamed`: at and below it bodies of any length are handed on as they come; `large`: there they may be larger
 */
export async function answer(
  fetch: Fetch,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  paths: BodyPaths = {},
): Promise<void> {
  try {
    const gone = new AbortController();
    outgoing.once('close', () => gone.abort());
    const request = await toRequest(incoming, gone.signal, paths);
    const response = request instanceof Response ? request : await fetch(request, incoming.socket.remoteAddress);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    if (response.body) await pour(response.body, outgoing, gone.signal);
    outgoing.end();
  } catch {
    // The peer went away in the middle of its request, or of its answer: there is nobody left to tell.
    outgoing.destroy();
  }
}

/** Takes from the body only as fast as the peer reads, so that what waits for it waits in one place; ends when the peer is gone. */
async function pour(body: ReadableStream<Uint8Array>, outgoing: ServerResponse, gone: AbortSignal): Promise<void> {
  const reader = body.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  if (gone.aborted) return cancel();
  gone.addEventListener('abort', cancel);
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    if (!outgoing.write(step.value)) await once(outgoing, 'drain', { signal: gone });
  }
  gone.removeEventListener('abort', cancel);
}

/** `Host` decides the address; `x-forwarded-*` is whatever a client writes there, so it is not read. */
async function toRequest(
  incoming: IncomingMessage,
  signal: AbortSignal,
  { streamed, large }: BodyPaths,
): Promise<Request | Response> {
  const scheme = (incoming.socket as Partial<TLSSocket>).encrypted ? 'https' : 'http';
  const address = `${scheme}://${incoming.headers.host ?? 'localhost'}${incoming.url ?? '/'}`;
  if (!URL.canParse(address)) return problem('bad_request');
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const each of [value ?? []].flat()) headers.append(name, each);
  }
  const method = incoming.method ?? 'GET';
  if (method === 'GET' || method === 'HEAD') return new Request(address, { method, headers, signal });
  const { pathname } = new URL(address);
  if (streamed !== undefined && isUnder(pathname, streamed)) {
    const init: RequestInit & { duplex: 'half' } = {
      method,
      headers,
      signal,
      body: streamBody(incoming, signal),
      duplex: 'half',
    };
    return new Request(address, init);
  }
  const body = await readBody(incoming, pathname === large ? LARGE_BODY_BYTES : MAX_BODY_BYTES);
  if (body === null) return problem('bad_request', { status: 413, headers: { connection: 'close' } });
  return new Request(address, { method, headers, signal, ...(body.byteLength > 0 && { body }) });
}

/** Null when there is more than is read. */
async function readBody(incoming: IncomingMessage, limit: number): Promise<Buffer<ArrayBuffer> | null> {
  const slow = setTimeout(() => incoming.destroy(), BODY_TIMEOUT_MS);
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      bytes += chunk.byteLength;
      if (bytes > limit) return null;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(slow);
  }
}

function isUnder(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(`${path}/`);
}

/**
 * The body as it comes. Node's own conversion ends the connection when a handler has read enough, and with it the answer; here the rest
 * is read and dropped.
 */
function streamBody(incoming: IncomingMessage, answered: AbortSignal): ReadableStream<Uint8Array> {
  let over = false;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const end = (finish: () => void) => {
          if (!over) finish();
          over = true;
        };
        incoming.on('data', (chunk: Buffer) => {
          if (over) return;
          controller.enqueue(chunk);
          if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
        });
        incoming.once('end', () => end(() => controller.close()));
        incoming.once('error', (error) => end(() => controller.error(error)));
        incoming.once('close', () => end(() => controller.error(new Error('The connection broke.'))));
        // What a handler left of it is dropped, or the next request would wait behind it.
        answered.addEventListener('abort', () => {
          end(() => controller.error(new Error('The request is over.')));
          incoming.resume();
        });
        incoming.pause();
      },
      pull: () => void incoming.resume(),
      cancel() {
        over = true;
        incoming.resume();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: STREAM_BUFFER_BYTES }),
  );
}
