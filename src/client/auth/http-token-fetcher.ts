import { ChatError } from '../../protocol/index.ts';
import { systemClock } from '../clock.ts';
import { errorForStatus, readRetryAfter } from './fetch-errors.ts';
import { setEndpoint } from './browser-tabs.ts';
import type { FetchToken, TokenResponse } from './types.ts';

export interface HttpTokenFetcherOptions {
  /** A LatchKit server's base, absolute or relative to the page; the token is asked for at `POST {url}/token`. */
  url: string;
  /** Default: the platform's. */
  fetch?: typeof globalThis.fetch;
  /** Wall-clock time in ms, for a Retry-After that names a date. Default: the platform's. */
  now?: () => number;
}

/** Asks a LatchKit token endpoint, with the app's own cookies. */
export function createHttpTokenFetcher(options: HttpTokenFetcherOptions): FetchToken {
  const address = `${options.url.replace(/\/+$/, '')}/token`;
  const now = options.now ?? (() => systemClock.now());
  const fetchToken: FetchToken = async ({ signal }) => {
    // Looked up per call: an app may replace the global after this was made. A redirect is not followed, because it
    // leads to a sign-in page, whose 200 says nothing.
    const response = await (options.fetch ?? globalThis.fetch)(address, {
      method: 'POST',
      credentials: 'include',
      cache: 'no-store',
      redirect: 'manual',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: '{}',
      signal,
    });
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      throw new ChatError('invalid_token_response', 'The token endpoint redirects, perhaps to a sign-in page.');
    }
    const body = readJson(await response.text());
    if (!response.ok) {
      throw errorForStatus(response.status, {
        retryAfterMs: readRetryAfter(response.headers.get('retry-after'), now()),
        detail: problemCode(body),
      });
    }
    if (body === undefined) {
      throw new ChatError('invalid_token_response', 'The token endpoint answered with something that is not JSON.');
    }
    return body as TokenResponse; // Checked by the token manager, like every fetcher's answer.
  };
  setEndpoint(fetchToken, address);
  return fetchToken;
}

/** Undefined for what is not JSON. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The `code` of a LatchKit problem document (RFC 9457), for the error's text. */
function problemCode(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('code' in body)) return undefined;
  return typeof body.code === 'string' && /^[a-z_]{1,40}$/.test(body.code) ? body.code : undefined;
}
