import { createRemoteJWKSet, customFetch, errors } from 'jose';
import { ChatError } from '../../protocol/index.ts';
import type { TokenKey, VerifyingKeys } from './TokenKeys.ts';

/** After a set was fetched, a `kid` that it lacks is simply unknown for this long: made-up ones cost nothing. */
const COOLDOWN_MS = 30_000;
/** A set is fetched anew after this. */
const MAX_AGE_MS = 600_000;
const TIMEOUT_MS = 5_000;
/** After a failed fetch the next one waits for this long; jose by itself would ask again at each token. */
const FAILURE_PAUSE_MS = 5_000;

export interface RemoteKeysOptions {
  /** Where the other server publishes its public keys: `https://app.example.com/chat/jwks.json`. */
  jwksUrl: string | URL;
  /** Default: the platform's. */
  fetch?: typeof globalThis.fetch;
}

/** The public keys of another server, fetched when first needed and whenever a token names one that is not known. */
export function remoteKeys({ jwksUrl, fetch = globalThis.fetch }: RemoteKeysOptions): VerifyingKeys {
  const url = URL.canParse(String(jwksUrl)) ? new URL(jwksUrl) : null;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new ChatError('invalid_options', 'jwksUrl must be an https:// address.');
  }
  let failedAt = -Infinity;
  const keySet = createRemoteJWKSet(url, {
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: MAX_AGE_MS,
    timeoutDuration: TIMEOUT_MS,
    [customFetch](address, init) {
      // jose's own clock, the platform's, because its cooldown runs on that one.
      const rests = failedAt + FAILURE_PAUSE_MS > Date.now();
      return rests ? Promise.reject(new StillFailing()) : fetch(address, init);
    },
  });
  return {
    async find(kid, alg): Promise<TokenKey | undefined> {
      if (kid === undefined || (alg !== 'EdDSA' && alg !== 'ES256')) return undefined;
      try {
        return { kid, alg, key: await keySet({ kid, alg }) };
      } catch (cause) {
        if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys)
          return undefined;
        const isKnown = cause instanceof StillFailing;
        if (!isKnown) failedAt = Date.now();
        // A token whose key is merely unknown must not look bad, nor good, because its issuer is away.
        throw new ChatError('auth_unavailable', 'The keys to check tokens with cannot be fetched from jwksUrl.', {
          retryAfterMs: FAILURE_PAUSE_MS,
          ...(!isKnown && { cause }),
        });
      }
    },
  };
}

class StillFailing extends Error {}
