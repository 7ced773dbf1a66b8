import { ChatError } from '../../../protocol/index.ts';
import type { TokenManager } from '../../index.ts';

/** `fetch` with the person's token. Rejects with a `ChatError`; an answer other than 401 is returned, whatever its status. */
export type AuthorizedFetch = (url: string, init: RequestInit & { signal: AbortSignal }) => Promise<Response>;

/**
 * Asks for a token before each attempt. One that is refused with 401 is replaced once: nothing of an answer has come by then, so nothing can
 * come twice.
 * @param tokens null: the far side knows the person by a cookie, or not at all
 */
export function authorizedFetch(
  tokens: Pick<TokenManager, 'get' | 'forceRefresh'> | null,
  fetch: () => typeof globalThis.fetch,
): AuthorizedFetch {
  const ask = async (url: string, init: RequestInit & { signal: AbortSignal }, raw?: string): Promise<Response> => {
    const headers = new Headers(init.headers);
    if (raw !== undefined) headers.set('authorization', `Bearer ${raw}`);
    try {
      return await fetch()(url, { cache: 'no-store', redirect: 'error', ...init, headers });
    } catch (cause) {
      if (init.signal.aborted) throw new ChatError('disposed', 'It was stopped before the server answered.', { cause });
      throw new ChatError('connection_lost', 'The server could not be reached.', { cause });
    }
  };
  return async (url, init) => {
    if (!tokens) {
      const response = await ask(url, init);
      if (response.status === 401) throw new ChatError('unauthenticated', 'The server does not know who this is.');
      return response;
    }
    const token = await tokens.get();
    const response = await ask(url, init, token.raw());
    if (response.status !== 401) return response;
    void response.body?.cancel().catch(() => {});
    const fresh = await tokens.forceRefresh(token);
    const again = await ask(url, init, fresh.raw());
    if (again.status !== 401) return again;
    void again.body?.cancel().catch(() => {});
    throw new ChatError('server_rejects_fresh_token', 'The server refused a token that was just issued.');
  };
}
