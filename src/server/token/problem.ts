import { ERROR_REGISTRY, type ChatErrorCode } from '../../protocol/index.ts';

/** What the browser is told: no cause, no name of a table, nothing that helps an attacker. The server's log has the rest. */
const TITLES: Partial<Record<ChatErrorCode, string>> = {
  unauthenticated: 'Nobody is signed in.',
  forbidden: 'This person may not chat.',
  auth_unavailable: 'Sign-in could not be checked just now.',
  method_not_allowed: 'This address takes POST only.',
  cross_site_refused: 'This page’s origin is not allowed here.',
  unsupported_media_type: 'The request must be JSON or carry the header x-latchkit.',
  rate_limited: 'Too many requests.',
  not_found: 'There is nothing at this address.',
  bad_request: 'The request cannot be read.',
  database_unavailable: 'The database cannot be reached just now.',
};

/** An RFC 9457 problem document, never cached. */
export function problem(code: ChatErrorCode, options: { status?: number; headers?: HeadersInit } = {}): Response {
  const { status: registered, retryable } = ERROR_REGISTRY[code];
  const status = options.status ?? registered;
  const headers = new Headers(options.headers);
  headers.set('content-type', 'application/problem+json');
  headers.set('cache-control', 'no-store');
  const title = TITLES[code] ?? 'The request could not be answered.';
  return new Response(JSON.stringify({ title, status, code, retryable }), { status, headers });
}
