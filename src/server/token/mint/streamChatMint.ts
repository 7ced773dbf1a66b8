import { SignJWT } from 'jose';
import { lifetimeOf, requireCredential } from './options.ts';
import type { Mint } from './types.ts';

const NAME = 'streamChatMint';

/**
 * How far `iat` is set back, seconds. Stream refuses a token "used before issued at", so a server whose clock is a little ahead
 * would be locked out; Stream's own server SDK sets it back by the same second.
 */
const BACKDATED_SECONDS = 1;

export interface StreamChatMintOptions {
  /** The app's API secret from Stream's dashboard. Never leaves the server. */
  apiSecret: string | undefined;
}

/**
 * Mints user tokens for Stream Chat: a JWT signed HS256 with the API secret, with the claims `user_id`, `exp` and `iat`. The same
 * bytes as `StreamChat.createToken(userId, exp, iat)` of `stream-chat`, so two mints within one second are equal.
 *
 * In the browser: `client.connectUser({ id }, async () => (await tokens.get()).raw())`.
 *
 * @throws {ChatError} `invalid_options` at once, when the secret is missing or malformed
 * @see https://getstream.io/chat/docs/node/tokens_and_authentication/
 */
export function streamChatMint(options: StreamChatMintOptions): Mint {
  const secret = requireCredential(
    NAME,
    'apiSecret',
    options.apiSecret,
    'Copy the app’s API secret (not its API key) from Stream’s dashboard.',
  );
  const key = new TextEncoder().encode(secret);

  return async function mint(context) {
    const { issuedAt, expiresAt, seconds } = lifetimeOf(context);
    const token = await new SignJWT({
      user_id: context.user.id,
      exp: expiresAt,
      iat: issuedAt - BACKDATED_SECONDS,
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(key);
    return { token, expiresInSeconds: seconds };
  };
}
