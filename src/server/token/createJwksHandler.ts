import { publicKeysOf, type TokenKeySet, type VerifyingKeySet } from './key-set.ts';
import { problem } from './problem.ts';

/** How long others may keep the set, seconds. The next key is to be published for at least so long before it signs. */
const MAX_AGE_SECONDS = 300;

/**
 * Publishes the public halves of a key set as a JSON Web Key Set (RFC 7517), so that other servers can check tokens without a secret.
 * `createChatServer` mounts it at `GET {basePath}/jwks.json` by itself.
 *
 * @throws {ChatError} `invalid_options` at once, when a key is malformed
 */
export function createJwksHandler(keys: TokenKeySet | VerifyingKeySet): (request: Request) => Promise<Response> {
  const publish = publicKeysOf(keys);
  return async function jwks(request) {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return problem('method_not_allowed', { headers: { allow: 'GET, HEAD' } });
    }
    const body = request.method === 'HEAD' ? null : JSON.stringify({ keys: await publish() });
    return new Response(body, {
      headers: {
        'content-type': 'application/jwk-set+json',
        'cache-control': `public, max-age=${MAX_AGE_SECONDS}`,
      },
    });
  };
}
