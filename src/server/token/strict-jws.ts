import { base64url } from 'jose';

/** Deeper than any claim of ours; what is nested deeper is made to hurt a parser. */
const MAX_DEPTH = 8;
const MAX_KID_LENGTH = 128;
const HEADER_MEMBERS: ReadonlySet<string> = new Set(['alg', 'typ', 'kid']);

/** Three parts, without what a lenient decoder reads past: white space, padding, another alphabet. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What is wrong with a token's form, in words for the log. */
export class FormError extends Error {}

/**
 * Reads the header of a token that is exactly what {@link https://www.rfc-editor.org/rfc/rfc7515#section-7.1 RFC 7515, 7.1}
 * describes. Stricter than jose: every other way to write the same token, and every header that asks a verifier for something
 * (`jwk`, `jku`, `x5u`, `crit`, `b64` …), is refused.
 * @throws {FormError}
 */
export function readHeader(token: string): { alg: string; kid: string | undefined } {
  const [header = '', , signature = ''] = token.split('.');
  if (!COMPACT.test(token) || !isCanonical(signature)) throw new FormError('it is not three parts of base64url');
  const { alg, kid, ...others } = readObject(header, 'header');
  for (const name of Object.keys(others)) {
    if (!HEADER_MEMBERS.has(name)) throw new FormError('its header asks for more than alg, typ and kid');
  }
  if (typeof alg !== 'string') throw new FormError('its header names no algorithm');
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > MAX_KID_LENGTH)) {
    throw new FormError('its header has a kid that is no name');
  }
  return { alg, kid };
}

/** The last character may have bits that no byte takes: with others, another text would be the same signature. */
function isCanonical(part: string): boolean {
  try {
    return base64url.encode(base64url.decode(part)) === part;
  } catch {
    return false;
  }
}

/**
 * Refuses claims that jose reads without a murmur and that two readers may read differently.
 * @throws {FormError}
 */
export function checkClaimsText(token: string): void {
  readObject(token.split('.')[1] ?? '', 'payload');
}

function readObject(part: string, what: string): Record<string, unknown> {
  let text: string;
  let value: unknown;
  try {
    text = decoder.decode(base64url.decode(part));
    value = JSON.parse(text);
  } catch {
    throw new FormError(`its ${what} cannot be read`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FormError(`its ${what} is no JSON object`);
  }
  checkMembers(text, what);
  return value as Record<string, unknown>;
}

/**
 * JSON.parse takes the last of two members with one name, others take the first: a token that says two things says nothing
 * (RFC 8725, 2.4 and RFC 7515, 4). `json` is known to be valid, so each text before a colon is a member's name.
 */
function checkMembers(json: string, what: string): void {
  const open: Set<string>[] = [];
  for (const [token, text, colon] of json.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') {
      if (open.push(new Set()) > MAX_DEPTH) throw new FormError(`its ${what} is nested too deeply`);
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (colon !== undefined && text !== undefined) {
      const names = open.at(-1);
      const name = JSON.parse(text) as string;
      if (names?.has(name)) throw new FormError(`its ${what} says something twice`);
      names?.add(name);
    }
  }
}
