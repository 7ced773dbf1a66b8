import { SignJWT } from 'jose';
import { sessionIdOf, TOKEN_SCOPE, TOKEN_TYPE } from './claims.ts';
import type { TokenKeys } from './TokenKeys.ts';
import type { Mint } from './mint/types.ts';

/** LatchKit's own tokens, which its server takes. */
export function latchkitMint(keys: TokenKeys, { issuer, audience }: { issuer: string; audience: string }): Mint {
  return async function mint({ user, ttlSeconds, now }) {
    const { alg, kid, key } = await keys.signing();
    const iat = Math.floor(now / 1000);
    const token = await new SignJWT({ sid: sessionIdOf(user), scope: TOKEN_SCOPE })
      .setProtectedHeader({ alg, kid, typ: TOKEN_TYPE })
      .setSubject(user.id)
      .setAudience(audience)
      .setIssuer(issuer)
      .setJti(crypto.randomUUID())
      .setIssuedAt(iat)
      .setExpirationTime(iat + ttlSeconds)
      .sign(key);
    return { token, expiresInSeconds: ttlSeconds };
  };
}
