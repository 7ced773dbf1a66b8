/**
 * Runs something over the network for at most `ms` milliseconds and until `outer` aborts. Rejects at either, even when `run` does not
 * heed its signal: a hung service must not hang the token endpoint.
 */
export async function withDeadline<T>(
  ms: number,
  outer: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer.throwIfAborted();
  const deadline = new AbortController();
  const signal = AbortSignal.any([outer, deadline.signal]);
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  const timer = setTimeout(() => {
    deadline.abort(new DOMException(`There was no answer within ${ms} ms.`, 'TimeoutError'));
  }, ms);
  try {
    return await Promise.race([run(signal), aborted]);
  } finally {
    clearTimeout(timer);
  }
}

/** The other side's clock by its `Date` header, ms since 1970; `fallback` when it sends none. */
export function upstreamNow(headers: Headers, fallback: number): number {
  const date = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(date) ? fallback : date;
}

/** `Retry-After` in milliseconds, from seconds or a date (RFC 9110, section 10.2.3), measured on the sender's own clock. */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (!value) return undefined;
  const ms = /^\d+(?:\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - upstreamNow(headers, now);
  return Number.isFinite(ms) ? Math.max(0, Math.ceil(ms)) : undefined;
}

/** A failure in words, with its cause's, so that a wrapper's "fetch failed" still says why. Carries no object of the failure's own. */
export function describeFailure(failure: unknown): string {
  if (!(failure instanceof Error)) return 'an unknown failure';
  const own = `${failure.name}: ${failure.message}`;
  return failure.cause instanceof Error ? `${own} (${failure.cause.name}: ${failure.cause.message})` : own;
}
