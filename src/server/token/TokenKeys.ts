import type { CryptoKey } from 'jose';

/** One key, under the name that tokens carry in their `kid` header. */
export interface TokenKey {
  kid: string;
  /** The one algorithm that this key is for, whatever a token says. */
  alg: 'HS256' | 'EdDSA' | 'ES256';
  key: Uint8Array | CryptoKey;
}

/** Where a verifier gets the key to check with. */
export interface VerifyingKeys {
  /**
   * The key that a token names. A token that names none is checked with the only key there is, if there is only one.
   * @param alg what the token says of itself; not to be trusted
   */
  find(kid: string | undefined, alg: string): Promise<TokenKey | undefined>;
}

/** Where the endpoint gets the key to sign with, too. */
export interface TokenKeys extends VerifyingKeys {
  signing(): Promise<TokenKey>;
}
