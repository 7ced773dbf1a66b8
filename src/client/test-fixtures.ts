import { createFakeFetchToken } from '../testing/index.ts';
import { createChatClient } from './createChatClient.ts';
import type { PageSignal, PageSignals } from './PageSignals.ts';
import type { ChatClient, ChatClientOptions } from './types.ts';

/** Page signals in the test's hand. */
export class FakeSignals implements PageSignals {
  isOnline = true;
  isVisible = true;
  readonly listeners = new Set<(signal: PageSignal) => void>();

  online(): boolean {
    return this.isOnline;
  }

  visible(): boolean {
    return this.isVisible;
  }

  subscribe(listener: (signal: PageSignal) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(signal: PageSignal): void {
    if (signal !== 'wake') this.isOnline = signal === 'online';
    for (const listener of [...this.listeners]) listener(signal);
  }
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An unsigned token with these claims: a client only reads them. */
export function jwt(claims: Record<string, unknown>): string {
  return `${encode({ alg: 'none' })}.${encode(claims)}.c2ln`;
}

/** What a promise came to, without waiting for it. */
export function outcome<T>(promise: Promise<T>): { value?: T; error?: unknown; settled: boolean } {
  const result: { value?: T; error?: unknown; settled: boolean } = { settled: false };
  promise.then(
    (value) => Object.assign(result, { value, settled: true }),
    (error: unknown) => Object.assign(result, { error, settled: true }),
  );
  return result;
}

/** A client that is in use, of a page with nothing around it: no other tabs, and nothing kept on the device. */
export function openClient(options: Omit<ChatClientOptions, 'fetchToken'> & { userId: string }): ChatClient {
  const { userId } = options;
  const client = createChatClient({
    signals: new FakeSignals(),
    tabs: false,
    outbox: false,
    fetchToken: createFakeFetchToken({ userId }),
    ...options,
  });
  client.retain();
  return client;
}
