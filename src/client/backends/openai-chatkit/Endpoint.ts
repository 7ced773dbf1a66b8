import { ChatError } from '../../../protocol/index.ts';
import type { TurnCall } from '../turns/TurnPort.ts';
import { readRefusal } from '../turns/refusal.ts';
import type { OpenAiChatKitBackendOptions } from './types.ts';

export type Call = Pick<TurnCall, 'signal' | 'fetch'>;

/** The server's one address, which everything is asked of. */
export class Endpoint {
  readonly #options: Pick<OpenAiChatKitBackendOptions, 'url' | 'headers' | 'credentials'>;

  constructor(options: OpenAiChatKitBackendOptions) {
    this.#options = options;
  }

  /** Asks what is answered with JSON. */
  async ask<T>(call: Call, type: string, params: object): Promise<T> {
    const response = await this.post(call, type, params);
    if (!response.ok) throw readRefusal(response, Date.now());
    try {
      return (await response.json()) as T;
    } catch (cause) {
      throw new ChatError('connection_lost', 'The server answered with something that is not JSON.', { cause });
    }
  }

  post({ fetch, signal }: Call, type: string, params: object): Promise<Response> {
    const { url, headers, credentials = 'same-origin' } = this.#options;
    return fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(typeof headers === 'function' ? headers() : headers) },
      body: JSON.stringify({ type, params }),
      credentials,
      signal,
    });
  }
}
