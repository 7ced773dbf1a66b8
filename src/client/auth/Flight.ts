import { ChatError } from '../../protocol/index.ts';
import type { Clock } from '../clock.ts';
import { errorForThrown } from './fetch-errors.ts';
import { Age } from './lifetime.ts';
import { readTokenResponse } from './token-response.ts';
import type { TokenGrant } from './token-response.ts';
import type { FetchReason, FetchToken } from './types.ts';

const TIMEOUT_MS = 10_000;

/** One request for a token, shared by everybody who waits. Always settles: the app's fetcher may throw, hang or return junk. */
export class Flight {
  readonly reason: FetchReason;
  /** Since it was sent: a token's life counts from there. */
  readonly age: Age;
  readonly result: Promise<TokenGrant>;
  readonly #controller = new AbortController();
  readonly #cancelTimeout: () => void;
  readonly #expire: () => void;

  constructor(fetchToken: FetchToken, reason: FetchReason, clock: Clock) {
    this.reason = reason;
    this.age = new Age(clock);
    const { signal } = this.#controller;
    let timedOut: (error: ChatError) => void;
    const timeout = new Promise<never>((_, reject) => (timedOut = reject));
    this.#expire = () => {
      timedOut(new ChatError('token_endpoint_timeout', `No token came within ${TIMEOUT_MS / 1_000} s.`));
      this.#controller.abort();
    };
    this.#cancelTimeout = clock.setTimer(this.#expire, TIMEOUT_MS);
    // Called a microtask later, so that a fetcher which asks the manager again finds this flight under way.
    const answer = Promise.resolve()
      .then(() => (signal.aborted ? Promise.reject(new Error('Cancelled.')) : fetchToken({ reason, signal })))
      .then(
        (value: unknown) => {
          // An app that returns fetch()'s own Response: a refusal is still told from junk.
          if (typeof value === 'object' && value && 'ok' in value && value.ok === false) {
            throw errorForThrown(value, clock.now());
          }
          return readTokenResponse(value);
        },
        (thrown: unknown) => Promise.reject(errorForThrown(thrown, clock.now())),
      );
    this.result = Promise.race([answer, timeout]).finally(this.#cancelTimeout);
  }

  /** A timer sleeps when the machine does: after waking, an answer asked for long ago is not waited for. */
  look(): void {
    if (this.age.atLeast() > TIMEOUT_MS) this.#expire();
  }

  /** Nobody wants the answer any more. */
  cancel(): void {
    this.#cancelTimeout();
    this.#controller.abort();
  }
}
