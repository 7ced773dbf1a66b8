import { createHash, createHmac, createPrivateKey, sign as signWith, type JsonWebKey } from 'node:crypto';
import { EDDSA, ES256, SECRET } from './material.ts';

/** A signature over the text of header and payload. */
export type Signer = (text: string) => Buffer;

export const hmac =
  (key: string | Buffer, hash = 'sha256'): Signer =>
  (text) =>
    createHmac(hash, key).update(text).digest();

export const ecdsa =
  (jwk: object, dsaEncoding: 'ieee-p1363' | 'der' = 'ieee-p1363'): Signer =>
  (text) =>
    signWith('sha256', Buffer.from(text), { key: privateKey(jwk), dsaEncoding });

export const eddsa =
  (jwk: object): Signer =>
  (text) =>
    signWith(null, Buffer.from(text), privateKey(jwk));

const privateKey = (jwk: object) => createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' });

export const withSecret = hmac(SECRET);
export const withES256 = ecdsa(ES256.privateKey);
export const withEdDSA = eddsa(EDDSA.privateKey);

/** The name under which a server knows a shared secret. */
export const kidOf = (secret: string) =>
  createHash('sha256').update(`latchkit kid ${secret}`).digest().subarray(0, 8).toString('hex');

/** An object, or the very text or bytes that are to stand in its place. */
export type Part = object | string | Buffer;

export const encode = (part: Part) =>
  (Buffer.isBuffer(part) ? part : Buffer.from(typeof part === 'string' ? part : JSON.stringify(part))).toString(
    'base64url',
  );

/** A compact JWS of whatever it is given, correctly signed, however wrong the rest. */
export function jws(header: Part, payload: Part, sign: Signer): string {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${sign(text).toString('base64url')}`;
}
