/**
 * What every runtime runs: verifiers and endpoints behind one web-standard handler, built from what `latchkit/token` exports and from
 * nothing of Node. Node calls it; workerd runs it bundled as a Worker.
 */
import { ChatError } from '../../../src/protocol/index.ts';
import {
  createJwksHandler,
  createTokenEndpoint,
  createTokenVerifier,
  type TokenEndpointOptions,
  type TokenVerifier,
} from '../../../src/server/token/index.ts';
import { EDDSA, ES256, NOW, SECRET, UNTRIMMED_SECRET, type Against } from './material.ts';

const now = () => NOW;

const verifiers: Record<Against, TokenVerifier> = {
  secret: createTokenVerifier({ secret: SECRET, now }),
  untrimmed: createTokenVerifier({ secret: UNTRIMMED_SECRET, now }),
  ES256: createTokenVerifier({ keys: { signing: ES256 }, now }),
  EdDSA: createTokenVerifier({ keys: { signing: EDDSA }, now }),
};

const base = {
  authenticate(request: Request) {
    const id = request.headers.get('x-user');
    if (id === 'down') throw new Error('connect ECONNREFUSED sessions.internal:6379');
    if (id === 'forbidden') return 'forbidden' as const;
    return id === null ? null : { id, sessionId: request.headers.get('x-session') ?? undefined };
  },
  allowedOrigins: ['https://web.example'],
  logger: { error: () => {}, warn: () => {}, info: () => {} },
  ttl: 60,
  now,
} satisfies Partial<TokenEndpointOptions>;

/** The endpoints that a vector may name. */
const ENDPOINTS = {
  secret: createTokenEndpoint({ ...base, secret: SECRET }),
  ES256: createTokenEndpoint({ ...base, keys: { signing: ES256 } }),
  EdDSA: createTokenEndpoint({ ...base, keys: { signing: EDDSA } }),
  limited: createTokenEndpoint({ ...base, secret: SECRET, rateLimit: { max: 2, windowMs: 10_000 } }),
  echo: createTokenEndpoint({
    ...base,
    mint: ({ user, ttlSeconds, body }) =>
      Promise.resolve({
        token: `opaque-${user.id}`,
        expiresInSeconds: ttlSeconds / 2,
        fields: { body, token: 'never' },
      }),
  }),
  refusing: createTokenEndpoint({
    ...base,
    mint({ body }) {
      if (body.code === undefined) throw new Error('a secret reason');
      throw new ChatError(body.code as 'forbidden', 'a secret reason', { retryAfterMs: 4_200 });
    },
  }),
  jwks: createJwksHandler({ signing: EDDSA, verifying: [{ ...ES256.privateKey, kid: ES256.kid }] }),
} as const;

export type EndpointName = keyof typeof ENDPOINTS;

/** What a verifier said, as JSON. */
export type Verdict = { userId: string; sessionId: string } | { code: string; message: string };

/** `POST /verify/{against}` with a token as its body; anything under `/{endpoint}` goes to that endpoint. */
export async function handle(request: Request): Promise<Response> {
  const [, place = '', against = ''] = new URL(request.url).pathname.split('/');
  if (place !== 'verify') return ENDPOINTS[place as EndpointName](request);
  const token = await request.text();
  try {
    return Response.json(await verifiers[against as Against].verify(token));
  } catch (error) {
    if (!ChatError.is(error)) throw error;
    return Response.json({ code: error.code, message: error.message });
  }
}
