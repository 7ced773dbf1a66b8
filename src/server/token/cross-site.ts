import type { OriginPolicy } from './OriginPolicy.ts';
import { problem } from './problem.ts';

const PREFLIGHT_MAX_AGE_SECONDS = 600;

/** Only a listed origin is ever named, so nothing is reflected; `Vary` keeps caches from mixing the answers up. */
export function corsHeaders(request: Request, origins: OriginPolicy): Headers {
  const headers = new Headers({ vary: 'Origin' });
  const origin = request.headers.get('origin');
  if (origin !== null && origins.isListed(origin)) {
    headers.set('access-control-allow-origin', origin);
    headers.set('access-control-allow-credentials', 'true');
    headers.set('access-control-expose-headers', 'Retry-After');
  }
  return headers;
}

/** What a page of another origin may send to an endpoint. */
interface AllowedRequests {
  methods: string;
  headers: string;
}

const TOKEN_REQUESTS: AllowedRequests = { methods: 'POST', headers: 'content-type, x-latchkit' };

export function preflight(
  request: Request,
  origins: OriginPolicy,
  headers: Headers,
  allowed = TOKEN_REQUESTS,
): Response {
  const origin = request.headers.get('origin');
  if (origin === null || !origins.isListed(origin)) return problem('cross_site_refused', { headers });
  headers.set('access-control-allow-methods', allowed.methods);
  headers.set('access-control-allow-headers', allowed.headers);
  headers.set('access-control-max-age', String(PREFLIGHT_MAX_AGE_SECONDS));
  headers.set('cache-control', 'no-store');
  return new Response(null, { status: 204, headers });
}

export function isCrossSite(request: Request, origins: OriginPolicy): boolean {
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  if (site === 'cross-site' || site === 'same-site') return origin === null || !origins.isListed(origin);
  // Browsers send Origin with every POST; a request without one comes from a program, which has no cookies to steal.
  return origin !== null && !origins.trusts(origin, new URL(request.url).host);
}

/** A form can send neither JSON nor a header of its own, so a request that has one was made by a script that CORS let through. */
export function provesScript(request: Request): boolean {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  return type === 'application/json' || request.headers.has('x-latchkit');
}
