import { ChatError } from '../../protocol/index.ts';
import type { ChatToken } from './ChatToken.ts';
import type { TokenLifetime } from './lifetime.ts';

/** A token refused within this time of its request counts as refused fresh. */
const FRESH_MS = 30_000;

/** Remembers what the server refused, so that refusing and asking again come to an end. */
export class Refusals {
  /** What the next token must differ from; null once there is one. */
  token: ChatToken | null = null;
  /** Whether the last token answered a refusal: only the first such mint may come before the floor. */
  #answered = false;
  /** How many tokens were refused fresh, one after the other. */
  #fresh = 0;

  /** Whether a token is wanted for a refusal so urgently that the floor between two does not count. */
  get urgent(): boolean {
    return this.token !== null && !this.#answered;
  }

  /** Notes a refusal; `life` is the refused token's own where it is the one in hand. Returns an error when asking again is pointless. */
  note(rejected: ChatToken, life: TokenLifetime | undefined): ChatError | null {
    this.token = rejected;
    this.#fresh = life && life.age() < FRESH_MS && life.refreshIn() > 0 ? this.#fresh + 1 : 0;
    if (this.#fresh < 2) return null;
    return new ChatError('server_rejects_fresh_token', 'The server refused two fresh tokens in a row.');
  }

  /** This tab's own request was answered, for a refusal or not. */
  minted(forRefusal: boolean): void {
    this.#answered = forRefusal;
  }

  /** Another tab's token came. Tabs that serve each other tokens which the server refuses must come to an end as one tab does. */
  adopted(last: TokenLifetime | null): void {
    const soon = last !== null && last.age() < FRESH_MS;
    this.#answered = this.token !== null || (this.#answered && soon);
  }

  /** A new token is in hand. */
  settle(): void {
    if (!this.#answered) this.#fresh = 0;
    this.token = null;
  }

  /** The person starts anew. */
  reset(): void {
    this.token = null;
    this.#fresh = 0;
  }
}
