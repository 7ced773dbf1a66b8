import { ChatError } from '../../protocol/index.ts';
import type { ChatErrorCode } from '../../protocol/index.ts';

/** The error for a token endpoint's status. 401 and 403 are the app's word; everything else may pass. */
export function errorForStatus(
  status: number,
  options: { retryAfterMs?: number | undefined; detail?: string | undefined; cause?: unknown } = {},
): ChatError {
  const code: ChatErrorCode =
    status === 401
      ? 'unauthenticated'
      : status === 403
        ? 'forbidden'
        : status === 408
          ? 'token_endpoint_timeout'
          : status === 429
            ? 'rate_limited'
            : 'token_endpoint_unavailable';
  const detail = options.detail ? ` (${options.detail})` : '';
  const { cause, retryAfterMs } = options;
  return new ChatError(code, `The token endpoint answered ${status}${detail}.`, { status, cause, retryAfterMs });
}

/** The error for whatever an app's own `fetchToken` threw: a ChatError, anything with a `status`, a Response, or a network failure. */
export function errorForThrown(thrown: unknown, now: number): ChatError {
  if (ChatError.is(thrown)) return thrown;
  const source = responseOf(thrown);
  if (source) {
    const header = source.headers?.get?.('retry-after') ?? null;
    const cause = thrown instanceof Error ? thrown : undefined;
    return errorForStatus(source.status, { retryAfterMs: readRetryAfter(header, now), cause });
  }
  return new ChatError('token_endpoint_unavailable', 'The token could not be fetched.', { cause: thrown });
}

/** Reads a Retry-After header (RFC 9110, 10.2.3): seconds or a date. In ms; undefined where there is none or it is junk. */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  const value = header?.trim();
  if (!value) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

interface ResponseLike {
  status: number;
  headers?: { get?(name: string): string | null };
}

/** The value itself, or its `response` (as ky and axios have it), where that carries a status. */
function responseOf(value: unknown): ResponseLike | null {
  if (typeof value !== 'object' || value === null) return null;
  if ('status' in value && typeof value.status === 'number') return value as ResponseLike;
  return 'response' in value && value.response !== value ? responseOf(value.response) : null;
}
