import { ChatError } from '../../protocol/index.ts';

const MIN_SECRET_BYTES = 32;
const encoder = new TextEncoder();

/** One key, under the name that tokens carry in their `kid` header. */
interface TokenKey {
  kid: string;
  alg: 'HS256';
  key: Uint8Array;
}

/**
 * Where the endpoint gets the key to sign with and the verifier the key to check with. A shared secret is the first kind; key
 * pairs and rotation fit behind the same two methods.
 */
export interface TokenKeys {
  signing(): Promise<TokenKey>;
  /** The key that a token names. A token that names none is checked with the only key there is. */
  find(kid: string | undefined): Promise<TokenKey | undefined>;
}

/**
 * @throws {ChatError} `secret_missing`, `secret_too_short`: at start-up, not at the first token, and whatever jose would accept
 * (a secret of three bytes signs happily).
 */
export function keysFromSecret(secret: string | undefined): TokenKeys {
  if (typeof secret !== 'string' || secret === '') {
    throw new ChatError(
      'secret_missing',
      'No secret was given, so no token can be signed. Make one with `npx latchkit secret`, keep it in the server’s environment, and pass it as `secret`.',
    );
  }
  const bytes = encoder.encode(secret);
  if (bytes.byteLength < MIN_SECRET_BYTES) {
    throw new ChatError(
      'secret_too_short',
      `The secret has ${bytes.byteLength} bytes; HS256 is only as strong as its secret and needs ${MIN_SECRET_BYTES}. Make one with \`npx latchkit secret\`.`,
    );
  }
  let made: Promise<TokenKey> | undefined;
  const only = () => (made ??= kidOf(secret).then((kid) => ({ kid, alg: 'HS256' as const, key: bytes })));
  return {
    signing: only,
    async find(kid) {
      const key = await only();
      return kid === undefined || kid === key.kid ? key : undefined;
    },
  };
}

/** A name that changes with the secret, so that a token of an older one is told by name. */
async function kidOf(secret: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', encoder.encode(`latchkit kid ${secret}`));
  return Array.from(new Uint8Array(digest, 0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
