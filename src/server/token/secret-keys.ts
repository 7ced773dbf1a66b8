import { ChatError } from '../../protocol/index.ts';
import type { TokenKey, TokenKeys } from './TokenKeys.ts';

const MIN_SECRET_BYTES = 32;
const encoder = new TextEncoder();

/**
 * A secret, or several while it is being changed: the first signs, all are good. To change it without refusing anybody, let every
 * node go through `[old, new]`, then `[new, old]`, and, when the last old token has expired (`ttl` + 5 s), `[new]`.
 */
export type Secret = string | readonly string[] | undefined;

/**
 * @throws {ChatError} `secret_missing`, `secret_too_short`: at start-up, not at the first token, and whatever jose would accept
 * (a secret of three bytes signs happily).
 */
export function keysFromSecret(secret: Secret): TokenKeys {
  const list = (Array.isArray(secret) ? secret : [secret]) as readonly unknown[];
  const secrets = [...new Set((list.length === 0 ? [undefined] : list).map(checked))];
  let made: Promise<Map<string, TokenKey>> | undefined;
  const byKid = () => (made ??= importAll(secrets));
  return {
    async signing() {
      const [newest] = (await byKid()).values();
      return newest!; // there is at least one secret
    },
    async find(kid) {
      const keys = await byKid();
      if (kid !== undefined) return keys.get(kid);
      const [only, ...others] = keys.values();
      return others.length === 0 ? only : undefined;
    },
  };
}

function checked(secret: unknown): string {
  if (typeof secret !== 'string' || secret === '') {
    throw new ChatError(
      'secret_missing',
      'No secret was given, so no token can be signed. Make one with `npx latchkit secret`, keep it in the server’s environment, and pass it as `secret`.',
    );
  }
  const bytes = encoder.encode(secret).byteLength;
  if (bytes < MIN_SECRET_BYTES) {
    throw new ChatError(
      'secret_too_short',
      `The secret has ${bytes} bytes; HS256 is only as strong as its secret and needs ${MIN_SECRET_BYTES}. Make one with \`npx latchkit secret\`.`,
    );
  }
  return secret;
}

async function importAll(secrets: readonly string[]): Promise<Map<string, TokenKey>> {
  const keys = await Promise.all(
    secrets.map(async (secret) => ({ kid: await kidOf(secret), alg: 'HS256' as const, key: encoder.encode(secret) })),
  );
  return new Map(keys.map((key) => [key.kid, key]));
}

/** A name that changes with the secret, so that a token of an older one is told by name. */
async function kidOf(secret: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', encoder.encode(`latchkit kid ${secret}`));
  return Array.from(new Uint8Array(digest, 0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
