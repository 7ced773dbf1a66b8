import { ChatError } from '../../protocol/index.ts';

const SCHEMES: Record<string, string> = { 'http:': 'http:', 'https:': 'https:', 'ws:': 'http:', 'wss:': 'https:' };

/**
 * A server's base as an address: `/chat` → `https://this.page/chat`.
 * @throws {ChatError} `invalid_options` for a relative base where there is no page, or for one that is no http(s) or ws(s) address
 */
export function serverUrl(base: string, page: string | undefined = globalThis.location?.href): string {
  let url: URL;
  try {
    url = new URL(base, page);
  } catch {
    throw new ChatError('invalid_options', 'Outside of a page, `url` must be absolute: https://example.com/chat.');
  }
  const scheme = SCHEMES[url.protocol];
  if (!scheme) throw new ChatError('invalid_options', `\`url\` must be an http(s) address, not ${url.protocol}`);
  return `${scheme}//${url.host}${url.pathname.replace(/\/+$/, '')}`;
}

/** The socket's address for a server's base: `/chat` → `wss://this.page/chat/socket`. Throws as {@link serverUrl} does. */
export function socketUrl(base: string, page?: string): string {
  return `${serverUrl(base, page).replace(/^http/, 'ws')}/socket`;
}
