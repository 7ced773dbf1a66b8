import { unsignedJwt } from './jwt.ts';

export const USER = 'ada';
export const TTL_S = 60;
/** From a tab to the endpoint and back. */
export const ROUND_TRIP_MS = 30;
/** From one tab to another. */
export const BETWEEN_TABS_MS = 1;

export interface Minted {
  token: string;
  expires_in: number;
  /** Seconds since 1970, by the server's clock. */
  expires_at: number;
}

/** The endpoint was reached and said no. */
export class EndpointRefusal extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`The token endpoint answered ${status}.`);
    this.status = status;
  }
}

/** The app's token endpoint in simulated time: half a round trip there, half back; counts everything by the server's clock. */
export class TokenEndpoint {
  /** When each request arrived. */
  readonly attempts: number[] = [];
  /** When each token was minted. */
  readonly mints: number[] = [];
  /** While true, every request is answered by 503. */
  down = false;
  readonly #serverNow: () => number;
  readonly #accepted = new Map<string, number>();

  constructor(serverNow: () => number) {
    this.#serverNow = serverNow;
  }

  /** @throws {EndpointRefusal} */
  async fetch(): Promise<Minted> {
    await delay(ROUND_TRIP_MS / 2);
    this.attempts.push(this.#serverNow());
    const minted = this.down ? null : this.#mint();
    await delay(ROUND_TRIP_MS / 2);
    if (!minted) throw new EndpointRefusal(503);
    return minted;
  }

  /** Whether a request that arrives now with this token is let in: the server's clock alone decides. */
  accepts(token: string): boolean {
    return this.expiresAt(token) > this.#serverNow();
  }

  /** By the server's clock; 0 for a token that it does not know. */
  expiresAt(token: string): number {
    return this.#accepted.get(token) ?? 0;
  }

  /** A new signing key: no token of before is accepted. */
  rotateKey(): void {
    this.#accepted.clear();
  }

  #mint(): Minted {
    const now = this.#serverNow();
    const iat = Math.floor(now / 1_000);
    const exp = iat + TTL_S;
    this.mints.push(now);
    const token = unsignedJwt({ sub: USER, iat, exp, jti: `t${this.mints.length}` });
    this.#accepted.set(token, exp * 1_000);
    return { token, expires_in: TTL_S, expires_at: exp };
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
