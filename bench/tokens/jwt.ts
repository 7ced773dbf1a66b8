/** A token in the shape of a JWT. Nobody signs it: no client checks a signature, and the bench's servers know what they minted. */
export function unsignedJwt(claims: Record<string, unknown>): string {
  return [{ alg: 'none', typ: 'chat+jwt' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat('unsigned')
    .join('.');
}
