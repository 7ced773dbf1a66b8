import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { problem } from './token/problem.ts';

/** No route of the chat reads more. */
const MAX_BODY_BYTES = 65_536;

type Fetch = (request: Request) => Promise<Response>;

/** Answers a Node request by a web-standard handler. Never rejects. */
export async function answer(fetch: Fetch, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  try {
    const gone = new AbortController();
    outgoing.once('close', () => gone.abort());
    const request = await toRequest(incoming, gone.signal);
    const response = request instanceof Response ? request : await fetch(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  } catch {
    // The peer went away in the middle of its request, or of its answer: there is nobody left to tell.
    outgoing.destroy();
  }
}

/** `Host` decides the address; `x-forwarded-*` is whatever a client writes there, so it is not read. */
async function toRequest(incoming: IncomingMessage, signal: AbortSignal): Promise<Request | Response> {
  const scheme = (incoming.socket as Partial<TLSSocket>).encrypted ? 'https' : 'http';
  const address = `${scheme}://${incoming.headers.host ?? 'localhost'}${incoming.url ?? '/'}`;
  if (!URL.canParse(address)) return problem('bad_request');
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const each of [value ?? []].flat()) headers.append(name, each);
  }
  const method = incoming.method ?? 'GET';
  if (method === 'GET' || method === 'HEAD') return new Request(address, { method, headers, signal });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) return problem('bad_request', { status: 413, headers: { connection: 'close' } });
    chunks.push(chunk);
  }
  return new Request(address, { method, headers, signal, ...(bytes > 0 && { body: Buffer.concat(chunks) }) });
}
