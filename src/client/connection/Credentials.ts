import type { ChatError } from '../../protocol/index.ts';
import type { ChatToken } from '../auth/ChatToken.ts';
import type { TokenManager } from '../auth/types.ts';

/** By which token a connection lives, and which one the server refused. The manager has the tokens; none is kept past its attempt. */
export class Credentials {
  readonly #tokens: TokenManager;
  #current: ChatToken | null = null;
  #refused: ChatToken | null = null;

  constructor(tokens: TokenManager) {
    this.#tokens = tokens;
  }

  get current(): ChatToken | null {
    return this.#current;
  }

  /** A token for the next attempt: asked for before each one, and never the one that was refused. */
  ask(): Promise<ChatToken> {
    return this.#refused ? this.#tokens.forceRefresh(this.#refused) : this.#tokens.get();
  }

  use(token: ChatToken): void {
    this.#current = token;
    this.#refused = null;
  }

  refuse(): void {
    this.#refused = this.#current;
  }

  forget(): void {
    this.#current = this.#refused = null;
  }

  /** The server says that the token lapses soon. {@link follow} tells of the newer one; a failure is the manager's to retry, and to report. */
  renew(): void {
    if (this.#current) this.#tokens.renew(this.#current).catch(() => {});
  }

  /** Tells of each newer token, from now on and at once, and of there being none any more. Returns what ends it. */
  follow(on: { newer(token: ChatToken): void; none(error: ChatError): void }): () => void {
    const look = () => {
      const { token, error } = this.#tokens.getSnapshot();
      if (token && token !== this.#current) {
        this.#current = token;
        on.newer(token);
      } else if (!token && error && !error.retryable) {
        on.none(error);
      }
    };
    let following = true;
    const stop = this.#tokens.subscribe(() => {
      if (following) look();
    });
    look();
    return () => {
      following = false;
      stop();
    };
  }
}
