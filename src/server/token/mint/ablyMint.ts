import { SignJWT } from 'jose';
import type { ChatError } from '../../../protocol/index.ts';
import { hmacSha256, toBase64, toHex } from './hmac.ts';
import { invalidOption, lifetimeOf, requireCredential, resolvePerUser, type PerUser } from './options.ts';
import type { Mint, MintContext, MintedToken } from './types.ts';

const NAME = 'ablyMint';
const API_KEY = /^([\w-]+\.[\w-]+):([^:]+)$/;
/** What a JWT says when no capability is set: whatever the key itself may do, as the SDK's default. */
const ALL_OF_THE_KEY = '{"*":["*"]}';
const NONCE_BYTES = 16;

/** Which operations a person may do on which channels: `{ 'chat:general': ['subscribe', 'publish'] }`. */
export type AblyCapability = Readonly<Record<string, readonly string[]>>;

export interface AblyMintOptions {
  /** The whole API key, `appId.keyId:secret`. Its secret half never leaves the server. */
  apiKey: string | undefined;
  /**
   * `jwt`: a token, ready for use. `tokenRequest`: a signed request that the browser's SDK trades with Ably for a token; for
   * capabilities that are too long for a JWT, or that the browser may not read.
   */
  kind: 'jwt' | 'tokenRequest';
  /** What the person may do. Default: everything that the key may, so give the key little, or say it here. */
  capability?: PerUser<AblyCapability>;
}

/** What the browser's SDK trades for a token. */
export interface AblyTokenRequest {
  keyName: string;
  /** Milliseconds. */
  ttl: number;
  /** Canonical JSON. Absent: everything that the key may. */
  capability?: string;
  clientId: string;
  /** ms since 1970. Ably refuses one that is minutes away from its own clock. */
  timestamp: number;
  nonce: string;
  mac: string;
}

/**
 * Mints for Ably, bound to the person by `clientId`.
 *
 * `jwt`: signed HS256 with the key's secret, `kid` the key's name, claims `x-ably-clientId` and `x-ably-capability`. In the browser:
 * `authCallback: (_, done) => tokens.get().then((token) => done(null, token.raw()), (error) => done(error, null))`.
 *
 * `tokenRequest`: the answer's `tokenRequest` is the object for `authCallback`, its `token` the same as JSON. Ably takes each only
 * once (its nonce), so fetch a new one per call: it is not for `createTokenManager`, which hands one token out many times.
 *
 * Ably reserves `*` in client ids: a person whose id has one gets `invalid_options`.
 *
 * @throws {ChatError} `invalid_options` at once, when an option is missing or malformed
 * @see https://ably.com/docs/auth/token/jwt
 * @see https://ably.com/docs/api/token-request-spec
 * @see https://ably.com/docs/auth/capabilities
 */
export function ablyMint(options: AblyMintOptions): Mint {
  const { kind, capability } = options;
  const fix = 'Copy the whole key, appId.keyId:secret, from “API Keys” in Ably’s dashboard.';
  const [, keyName, keySecret] = API_KEY.exec(requireCredential(NAME, 'apiKey', options.apiKey, fix)) ?? [];
  if (keyName === undefined || keySecret === undefined) {
    throw invalidOption(NAME, 'apiKey', 'is not of the form appId.keyId:secret', fix);
  }
  if (kind !== 'jwt' && kind !== 'tokenRequest') {
    throw invalidOption(NAME, 'kind', 'is neither jwt nor tokenRequest', 'Most apps want kind: "jwt".');
  }
  if (capability !== undefined && typeof capability !== 'function') canonicalCapability(capability);

  return async function mint(context) {
    const { user } = context;
    // https://ably.com/docs/auth/identified-clients: a wildcard would let the browser be anyone.
    if (user.id.includes('*')) {
      throw invalidOption(
        NAME,
        'user.id',
        'has a *, which Ably reserves',
        'Return an id without it from authenticate().',
      );
    }
    const allowed =
      capability === undefined
        ? undefined
        : canonicalCapability(await resolvePerUser(NAME, 'capability', capability, user));
    return kind === 'jwt'
      ? mintJwt(context, keyName, keySecret, allowed ?? ALL_OF_THE_KEY)
      : mintTokenRequest(context, keyName, keySecret, allowed);
  };
}

async function mintJwt(
  context: MintContext,
  keyName: string,
  keySecret: string,
  capability: string,
): Promise<MintedToken> {
  const { issuedAt, expiresAt, seconds } = lifetimeOf(context);
  const token = await new SignJWT({
    iat: issuedAt,
    exp: expiresAt,
    jti: crypto.randomUUID(),
    'x-ably-capability': capability,
    'x-ably-clientId': context.user.id,
  })
    .setProtectedHeader({ typ: 'JWT', alg: 'HS256', kid: keyName })
    .sign(new TextEncoder().encode(keySecret));
  return { token, expiresInSeconds: seconds };
}

async function mintTokenRequest(
  context: MintContext,
  keyName: string,
  keySecret: string,
  capability: string | undefined,
): Promise<MintedToken> {
  const { seconds } = lifetimeOf(context);
  const clientId = context.user.id;
  const ttl = seconds * 1000;
  const timestamp = Math.floor(context.now);
  const nonce = toHex(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
  // Each value ends in a line feed, one that is left out included. A person's id has none: ids hold no white space.
  const signed = [keyName, ttl, capability ?? '', clientId, timestamp, nonce].map((value) => `${value}\n`).join('');
  const tokenRequest: AblyTokenRequest = {
    keyName,
    ttl,
    ...(capability !== undefined && { capability }),
    clientId,
    timestamp,
    nonce,
    mac: toBase64(await hmacSha256(keySecret, signed)),
  };
  return { token: JSON.stringify(tokenRequest), expiresInSeconds: seconds, fields: { tokenRequest } };
}

/** Keys and operations in order, no white space: the text is part of what is signed. */
function canonicalCapability(capability: unknown): string {
  if (typeof capability !== 'object' || capability === null || Array.isArray(capability)) throw invalidCapability();
  const entries = Object.entries(capability as Record<string, unknown>);
  if (entries.length === 0) throw invalidCapability();
  const canonical = Object.create(null) as Record<string, string[]>;
  for (const [resource, operations] of entries.sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!Array.isArray(operations) || operations.length === 0) throw invalidCapability();
    if (!operations.every((operation): operation is string => typeof operation === 'string' && operation !== '')) {
      throw invalidCapability();
    }
    canonical[resource] = [...operations].sort();
  }
  return JSON.stringify(canonical);
}

function invalidCapability(): ChatError {
  return invalidOption(
    NAME,
    'capability',
    'is not a map of channels to operations',
    'Write it like { "chat:general": ["subscribe", "publish"] }.',
  );
}
