import { createHash, timingSafeEqual } from 'node:crypto';
import { ChatError } from '../../protocol/index.ts';
import { problem } from '../token/problem.ts';
import type { Logger } from '../types.ts';
import type { MetricsOptions } from './MetricsOptions.ts';
import type { PrometheusMeter } from './PrometheusMeter.ts';

/** As long as 16 random bytes in hexadecimal digits are half of. A shorter one can be guessed. */
const MIN_TOKEN_LENGTH = 16;

/** @throws {ChatError} `invalid_options` */
export function checkMetricsOptions(options: MetricsOptions): void {
  const { token, authorize } = typeof options === 'object' && options !== null ? options : {};
  if (typeof authorize === 'function' && token === undefined) return;
  if (typeof token === 'string' && token.length >= MIN_TOKEN_LENGTH && authorize === undefined) return;
  throw new ChatError(
    'invalid_options',
    `metrics must be { token } with at least ${MIN_TOKEN_LENGTH} characters, or { authorize }: figures about the app are not for everybody.`,
  );
}

/** `GET {base}/metrics`: for whoever has the token, or whom the app lets in. */
export function createMetricsHandler(
  options: MetricsOptions,
  loading: Promise<Pick<PrometheusMeter, 'contentType' | 'expose'>>,
  logger: Logger,
): (request: Request) => Promise<Response> {
  async function mayRead(request: Request): Promise<boolean> {
    if (options.authorize) return (await options.authorize(request)) === true;
    const [, given = ''] = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '') ?? [];
    return sameText(given, options.token);
  }

  return async function metrics(request) {
    if (request.method !== 'GET') return problem('method_not_allowed', { headers: { allow: 'GET' } });
    try {
      if (!(await mayRead(request))) return problem('unauthenticated', { headers: { 'www-authenticate': 'Bearer' } });
      const meter = await loading;
      const headers = { 'content-type': meter.contentType, 'cache-control': 'no-store' };
      return new Response(await meter.expose(), { headers });
    } catch (cause) {
      logger.error('The figures could not be given out.', { event: 'metrics.failed', cause });
      return problem('internal');
    }
  };
}

/** Compares digests, so that neither length nor first difference shows in the time it takes. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
