import { ChatError } from '../../protocol/index.ts';
import { keysFromSet, type TokenKeySet } from './key-set.ts';
import { keysFromSecret, type Secret } from './secret-keys.ts';
import type { TokenKeys } from './TokenKeys.ts';

/** What tokens are signed with: a shared secret, or a key pair. One of the two. */
export type SigningOptions =
  | {
      /**
       * Signs the tokens (HS256); ≥ 32 bytes, base64url or any text. `npx latchkit secret` makes one. A list is for changing it: the
       * first signs, all are good.
       */
      secret: Secret;
      keys?: never;
    }
  | {
      /** Signs the tokens (EdDSA or ES256), so that others can check them with the public half alone. */
      keys: TokenKeySet;
      secret?: never;
    };

/** @throws {ChatError} `secret_missing`, `secret_too_short`, `invalid_options` */
export function signingKeys({ secret, keys }: SigningOptions): TokenKeys {
  // The types say so, too; JavaScript does not read them.
  if (secret !== undefined && keys !== undefined) {
    throw new ChatError('invalid_options', 'secret and keys exclude each other: pass one of them.');
  }
  return keys === undefined ? keysFromSecret(secret) : keysFromSet(keys);
}
