import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { unsignedJwt } from './jwt.ts';
import { ROUND_TRIP_MS, TTL_S, USER } from './TokenEndpoint.ts';

/** How a contestant's own server says that a token has expired. */
export interface Refusal {
  headers?: Record<string, string>;
  body: unknown;
}

/**
 * A local HTTP server: `POST /mint` answers after 30 ms, `/time` (Ably's) and every other path at once, the latter by 401 without
 * a token that it accepts.
 */
export interface LocalApi {
  url: string;
  port: number;
  mints: number;
  mint(): Promise<{ token: string; expires_in: number; expires_at: number }>;
  /** No token minted so far is accepted from now on. */
  expireAll(): void;
  /** Every token is accepted from now on. */
  acceptAll(): void;
  close(): Promise<void>;
}

export async function startLocalApi(refusal: Refusal, ok: unknown = []): Promise<LocalApi> {
  let accepted = new Set<string>();
  let open = false;
  const server = createServer((request, response) => {
    // A body is read to its end, else a kept-alive connection stalls.
    request.resume().on('end', () => {
      if (request.url === '/mint') setTimeout(() => answer(response, 200, mint()), ROUND_TRIP_MS);
      else if (request.url?.startsWith('/time')) answer(response, 200, [Date.now()]);
      else if (open || accepted.has(bearer(request))) answer(response, 200, ok);
      else answer(response, 401, refusal.body, refusal.headers);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;

  function mint() {
    api.mints += 1;
    const iat = Math.floor(Date.now() / 1_000);
    const exp = iat + TTL_S;
    const token = unsignedJwt({ sub: USER, user_id: USER, iat, exp, jti: `t${api.mints}` });
    accepted.add(token);
    return { token, expires_in: TTL_S, expires_at: exp };
  }

  const api: LocalApi = {
    url,
    port,
    mints: 0,
    mint: async () => (await (await fetch(`${url}/mint`, { method: 'POST' })).json()) as ReturnType<typeof mint>,
    expireAll: () => (accepted = new Set()),
    acceptAll: () => (open = true),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return api;
}

/** Bearer tokens, Ably's in Base64 too, and stream-chat's bare ones. */
function bearer(request: IncomingMessage): string {
  const value = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  return value.includes('.') ? value : Buffer.from(value, 'base64').toString();
}

function answer(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
