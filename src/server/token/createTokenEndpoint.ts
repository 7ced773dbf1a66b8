import { SignJWT } from 'jose';
import { ChatError, type ChatErrorCode } from '../../protocol/index.ts';
import type { Authenticate, AuthenticatedUser, Logger } from '../types.ts';
import { MAX_TTL_SECONDS, MIN_TTL_SECONDS, TOKEN_SCOPE, TOKEN_TYPE, isId, sessionIdOf } from './claims.ts';
import { keysFromSecret } from './keys.ts';
import { consoleLogger, redactingLogger } from './logger.ts';
import { OriginPolicy } from './OriginPolicy.ts';
import { problem } from './problem.ts';
import { RateLimiter, type RateLimit } from './RateLimiter.ts';

/** A session that ends sooner than this counts as ended: a client could not renew so short a token. Seconds. */
const SHORTEST_LEFT_SECONDS = 5;
const RETRY_AFTER_SECONDS = 2;
const PREFLIGHT_MAX_AGE_SECONDS = 600;

export interface TokenEndpointOptions {
  /** Signs the tokens; ≥ 32 bytes. `npx latchkit secret` makes one. */
  secret: string | undefined;
  authenticate: Authenticate;
  /** Lifetime of a token in seconds, 15–900. Default 300. */
  ttl?: number;
  /** Default `latchkit`. */
  issuer?: string;
  /** Default `latchkit`. */
  audience?: string;
  /** Origins of pages other than the endpoint's own that may ask, exact. */
  allowedOrigins?: readonly string[];
  /** Per person and session. Default 60 in 60 s. */
  rateLimit?: RateLimit;
  /** Called before each token is given out; a rejection is answered 503. For the app's (or the chat server's) own record of the person. */
  onAuthenticated?: (user: AuthenticatedUser) => Promise<void> | void;
  logger?: Logger;
  /** Wall clock, ms since 1970. */
  now?: () => number;
}

/**
 * The one place that mints: mount it beside the app's own sign-in as `POST /chat/token`. Answers
 * `{ token, token_type, expires_in, expires_at, server_time }` in seconds (since 1970 for the last two), or a problem document.
 * Runs wherever `Request` and `Response` do.
 *
 * @throws {ChatError} at once: `secret_missing`, `secret_too_short`, `invalid_options`.
 */
export function createTokenEndpoint(options: TokenEndpointOptions): (request: Request) => Promise<Response> {
  const {
    authenticate,
    onAuthenticated,
    ttl = 300,
    issuer = 'latchkit',
    audience = 'latchkit',
    now = Date.now,
  } = options;
  const { rateLimit = { max: 60, windowMs: 60_000 } } = options;
  const keys = keysFromSecret(options.secret);
  const origins = new OriginPolicy(options.allowedOrigins);
  const logger = redactingLogger(options.logger ?? consoleLogger);
  if (typeof authenticate !== 'function') {
    throw new ChatError(
      'invalid_options',
      'authenticate must be a function that returns the signed-in person or null.',
    );
  }
  if (!Number.isInteger(ttl) || ttl < MIN_TTL_SECONDS || ttl > MAX_TTL_SECONDS) {
    throw new ChatError(
      'invalid_options',
      `ttl is ${ttl}; it must be a whole number of seconds from ${MIN_TTL_SECONDS} to ${MAX_TTL_SECONDS}. A token that lives longer cannot be taken back; a shorter one is renewed all the time.`,
    );
  }
  if (!(rateLimit.max >= 1 && rateLimit.windowMs >= 1)) {
    throw new ChatError('invalid_options', 'rateLimit needs max and windowMs of at least 1.');
  }
  const limiter = new RateLimiter(rateLimit);

  async function identify(request: Request): Promise<AuthenticatedUser | ChatErrorCode> {
    let user: Awaited<ReturnType<Authenticate>>;
    try {
      user = await authenticate(request);
    } catch (cause) {
      logger.error('authenticate() threw, so nobody can get a token. The browser is told 503 and tries again.', {
        cause,
      });
      return 'auth_unavailable';
    }
    if (!user) return 'unauthenticated';
    if (user === 'forbidden') return 'forbidden';
    if (!isId(user.id) || (user.sessionId !== undefined && !isId(user.sessionId))) {
      logger.error('authenticate() returned an id or sessionId that cannot be used: 1–128 characters, no white space.');
      return 'internal';
    }
    return user;
  }

  async function sign(user: AuthenticatedUser, iat: number, exp: number): Promise<string> {
    const { alg, kid, key } = await keys.signing();
    return new SignJWT({ sid: sessionIdOf(user), scope: TOKEN_SCOPE })
      .setProtectedHeader({ alg, kid, typ: TOKEN_TYPE })
      .setSubject(user.id)
      .setAudience(audience)
      .setIssuer(issuer)
      .setJti(crypto.randomUUID())
      .setIssuedAt(iat)
      .setExpirationTime(exp)
      .sign(key);
  }

  async function mint(request: Request, headers: Headers): Promise<Response> {
    const user = await identify(request);
    if (user === 'auth_unavailable') headers.set('retry-after', String(RETRY_AFTER_SECONDS));
    if (typeof user === 'string') return problem(user, { headers });

    const waitMs = limiter.take(`${user.id} ${sessionIdOf(user)}`, now());
    if (waitMs > 0) {
      headers.set('retry-after', String(Math.ceil(waitMs / 1000)));
      return problem('rate_limited', { headers });
    }

    const iat = Math.floor(now() / 1000);
    const exp = Math.min(iat + ttl, Math.floor((user.sessionExpiresAt ?? Infinity) / 1000));
    // Not `exp < …`: NaN from a broken sessionExpiresAt must not mint a token without an end.
    if (!(exp - iat >= SHORTEST_LEFT_SECONDS)) return problem('unauthenticated', { headers });

    try {
      await onAuthenticated?.(user);
    } catch (cause) {
      logger.error('The person’s profile could not be stored, so no token was given out.', { cause });
      headers.set('retry-after', String(RETRY_AFTER_SECONDS));
      return problem('auth_unavailable', { headers });
    }
    const token = await sign(user, iat, exp);
    headers.set('content-type', 'application/json');
    headers.set('cache-control', 'no-store');
    const body = { token, token_type: 'Bearer', expires_in: exp - iat, expires_at: exp, server_time: iat };
    return new Response(JSON.stringify(body), { headers });
  }

  return async function tokenEndpoint(request) {
    const headers = corsHeaders(request, origins);
    try {
      if (request.method === 'OPTIONS') return preflight(request, origins, headers);
      if (request.method !== 'POST') {
        headers.set('allow', 'POST, OPTIONS');
        return problem('method_not_allowed', { headers });
      }
      if (isCrossSite(request, origins)) return problem('cross_site_refused', { headers });
      if (!provesScript(request)) return problem('unsupported_media_type', { headers });
      return await mint(request, headers);
    } catch (cause) {
      logger.error('A token could not be minted.', { cause });
      return problem('internal', { headers });
    }
  };
}

/** Only a listed origin is ever named, so nothing is reflected; `Vary` keeps caches from mixing the answers up. */
function corsHeaders(request: Request, origins: OriginPolicy): Headers {
  const headers = new Headers({ vary: 'Origin' });
  const origin = request.headers.get('origin');
  if (origin !== null && origins.isListed(origin)) {
    headers.set('access-control-allow-origin', origin);
    headers.set('access-control-allow-credentials', 'true');
    headers.set('access-control-expose-headers', 'Retry-After');
  }
  return headers;
}

function preflight(request: Request, origins: OriginPolicy, headers: Headers): Response {
  const origin = request.headers.get('origin');
  if (origin === null || !origins.isListed(origin)) return problem('cross_site_refused', { headers });
  headers.set('access-control-allow-methods', 'POST');
  headers.set('access-control-allow-headers', 'content-type, x-latchkit');
  headers.set('access-control-max-age', String(PREFLIGHT_MAX_AGE_SECONDS));
  headers.set('cache-control', 'no-store');
  return new Response(null, { status: 204, headers });
}

function isCrossSite(request: Request, origins: OriginPolicy): boolean {
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  if (site === 'cross-site' || site === 'same-site') return origin === null || !origins.isListed(origin);
  // Browsers send Origin with every POST; a request without one comes from a program, which has no cookies to steal.
  return origin !== null && !origins.trusts(origin, new URL(request.url).host);
}

/** A form can send neither JSON nor a header of its own, so a request that has one was made by a script that CORS let through. */
function provesScript(request: Request): boolean {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  return type === 'application/json' || request.headers.has('x-latchkit');
}
