import { ChatError } from '../../protocol/index.ts';

/** What a socket's events carry, as far as a connection reads it. */
export interface SocketEvent {
  readonly data?: unknown;
  readonly code?: number;
  readonly reason?: string;
}

/** The part of the platform's WebSocket that a connection uses. */
export interface SocketLike {
  addEventListener(name: 'open' | 'message' | 'close' | 'error', listener: (event: SocketEvent) => void): void;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

export type SocketConstructor = new (url: string) => SocketLike;

/**
 * The socket's address for a server's base: `/chat` → `wss://this.page/chat/socket`.
 * @throws {ChatError} `invalid_options` for a relative base where there is no page, or for one that is no http(s) or ws(s) address
 */
export function socketUrl(base: string, page: string | undefined = globalThis.location?.href): string {
  let url: URL;
  try {
    url = new URL(base, page);
  } catch {
    throw new ChatError('invalid_options', 'Outside of a page, `url` must be absolute: https://example.com/chat.');
  }
  const scheme = { 'http:': 'ws:', 'https:': 'wss:', 'ws:': 'ws:', 'wss:': 'wss:' }[url.protocol];
  if (!scheme) throw new ChatError('invalid_options', `\`url\` must be an http(s) address, not ${url.protocol}`);
  return `${scheme}//${url.host}${url.pathname.replace(/\/+$/, '')}/socket`;
}
