import { ERROR_REGISTRY } from '../../protocol/index.ts';
import type { Telemetry } from './Telemetry.ts';

type TokenEndpoint = (request: Request) => Promise<Response>;

/** The same endpoint, its answers counted, timed and traced by outcome. */
export function observeTokens(endpoint: TokenEndpoint, { meter, tracer, stopwatch }: Telemetry): TokenEndpoint {
  return (request) =>
    tracer.span('latchkit token', 'server', {}, async (span) => {
      const begun = stopwatch();
      const response = await endpoint(request);
      // A preflight asks for no token.
      if (request.method === 'OPTIONS') return response;
      const outcome = response.ok ? 'minted' : await refusalOf(response);
      meter.observe('latchkit_token_request_seconds', {}, (stopwatch() - begun) / 1000);
      meter.count('latchkit_token_requests_total', { outcome });
      span.set({ 'latchkit.outcome': outcome });
      if (response.status >= 500) span.fail(outcome);
      return response;
    });
}

/** The code in a problem document; a `mint` of the app's own may refuse in words that no list holds. */
async function refusalOf(response: Response): Promise<string> {
  const { code } = (await response
    .clone()
    .json()
    .catch(() => ({}))) as { code?: unknown };
  return typeof code === 'string' && Object.hasOwn(ERROR_REGISTRY, code) ? code : 'other';
}
