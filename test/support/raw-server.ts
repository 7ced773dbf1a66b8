import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

/** What a server answers, down to the bytes. */
export interface RawAnswer {
  /** Default 200. */
  status?: number;
  /** Default `text/event-stream`. */
  type?: string;
  /** Written one after the other, a moment apart. */
  body?: readonly string[];
  /** `end` as HTTP has it (the default), a connection that breaks, or one on which nothing more comes. */
  then?: 'end' | 'break' | 'hang';
}

/** A server that answers each posted JSON with bytes that the test says, on a free port. */
export async function startRawServer(answer: (body: Record<string, unknown>) => RawAnswer) {
  const http = createServer((request, response) => {
    void (async () => {
      const posted = (await new Response(Readable.toWeb(request) as never).json()) as Record<string, unknown>;
      const { status = 200, type = 'text/event-stream', body = [], then = 'end' } = answer(posted);
      response.writeHead(status, { 'content-type': type });
      response.flushHeaders();
      for (const piece of body) {
        response.write(piece);
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (then === 'end') response.end();
      // After what was written has left: the break is to be in the middle, not before it.
      else if (then === 'break') setTimeout(() => response.destroy(), 20);
    })();
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    async end() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}
