import { build } from 'esbuild';
import { exportJWK, exportPKCS8, generateKeyPair, jwtVerify, type CryptoKey } from 'jose';
import { Miniflare } from 'miniflare';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pusherMint } from './pusherMint.ts';
import { streamChatMint } from './streamChatMint.ts';
import type { MintContext, MintedToken } from './types.ts';

const SECRET = 'f8c1b3a0-6d5e-4c7f-9a2b-0123456789ab';
const ABLY_SECRET = 'EVKVTCBlzLBPYJiCZTsIW_pqylJ9WVRB5K9P19Ap1y0';
const MASTER_KEY = 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
const NOW = Math.floor(Date.now() / 1000) * 1000;
const pusherOptions = { key: 'app-key', secret: SECRET, encryptionMasterKeyBase64: MASTER_KEY };
const encrypted = { socket_id: '1.2', channel_name: 'private-encrypted-room' };

const context = (body: Record<string, unknown> = {}): MintContext => ({
  user: { id: 'zoë', name: 'Zoë 🌍' },
  ttlSeconds: 300,
  now: NOW,
  body,
  signal: new AbortController().signal,
});

/** A worker that makes every mint while it loads, as an app would, and runs them when it is asked. */
const worker = (keys: { pem: string; jwk: unknown }) => `
  import { ablyMint } from './ablyMint.ts';
  import { centrifugoMint } from './centrifugoMint.ts';
  import { openaiChatKitMint } from './openaiChatKitMint.ts';
  import { pusherMint } from './pusherMint.ts';
  import { streamChatMint } from './streamChatMint.ts';

  const apiKey = 'app.key:${ABLY_SECRET}';
  const mints = {
    stream: streamChatMint({ apiSecret: '${SECRET}' }),
    pusher: pusherMint({ ...${JSON.stringify(pusherOptions)}, authorizeChannel: () => true }),
    ably: ablyMint({ apiKey, kind: 'jwt' }),
    ablyRequest: ablyMint({ apiKey, kind: 'tokenRequest' }),
    centrifugo: centrifugoMint({ secret: '${SECRET}' }),
    centrifugoPem: centrifugoMint({ privateKey: ${JSON.stringify(keys.pem)} }),
    centrifugoJwk: centrifugoMint({ privateKey: ${JSON.stringify(keys.jwk)} }),
    openai: openaiChatKitMint({
      apiKey: 'sk-1',
      workflowId: 'wf_1',
      fetch: async (url, init) => {
        const request = new Request(url, init);
        const client_secret = request.headers.get('openai-beta') + ' ' + (await request.json()).user;
        return Response.json({ client_secret, expires_at: ${NOW / 1000 + 200} });
      },
    }),
  };
  export default {
    async fetch(request) {
      const { name, body } = await request.json();
      const context = { ...${JSON.stringify({ ...context(), signal: undefined })}, body };
      return Response.json(await mints[name]({ ...context, signal: request.signal ?? new AbortController().signal }));
    },
  };
`;

describe('T66 the mints on an edge runtime (workerd, without any of Node)', () => {
  let runtime: Miniflare;
  let publicKey: CryptoKey;

  beforeAll(async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    publicKey = pair.publicKey;
    const keys = { pem: await exportPKCS8(pair.privateKey), jwk: await exportJWK(pair.privateKey) };
    const { outputFiles } = await build({
      stdin: { contents: worker(keys), resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'ts' },
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'neutral',
      mainFields: ['module'],
      conditions: ['workerd', 'import'],
    });
    runtime = new Miniflare({
      modules: true,
      script: outputFiles[0]?.text ?? '',
      compatibilityDate: '2026-01-01',
      cf: false,
    });
    await runtime.ready;
  });
  afterAll(() => runtime.dispose());

  async function run(name: string, body: Record<string, unknown> = {}): Promise<MintedToken> {
    const response = await runtime.dispatchFetch('http://edge.test/', {
      method: 'POST',
      body: JSON.stringify({ name, body }),
    });
    return (await response.json()) as MintedToken;
  }
  const bytes = (text: string) => new TextEncoder().encode(text);

  test('Stream and Pusher: the same bytes as on Node', async () => {
    expect(await run('stream')).toEqual(await streamChatMint({ apiSecret: SECRET })(context()));
    const onNode = pusherMint({ ...pusherOptions, authorizeChannel: () => true });
    for (const body of [{ socket_id: '1.2' }, { socket_id: '1.2', channel_name: 'presence-room' }, encrypted]) {
      expect(await run('pusher', body)).toEqual(await onNode(context(body)));
    }
  });

  test('Ably: a JWT that verifies, and a signed request', async () => {
    const { payload } = await jwtVerify((await run('ably')).token, bytes(ABLY_SECRET));
    expect(payload['x-ably-clientId']).toBe('zoë');
    const { fields } = await run('ablyRequest');
    expect(fields?.tokenRequest).toMatchObject({ keyName: 'app.key', mac: expect.stringMatching(/=$/) as string });
  });

  test('Centrifugo: HS256, and ES256 by PEM and by JWK', async () => {
    for (const [name, key] of [
      ['centrifugo', bytes(SECRET)],
      ['centrifugoPem', publicKey],
      ['centrifugoJwk', publicKey],
    ] as const) {
      const { payload } = await jwtVerify((await run(name)).token, key);
      expect(payload.sub).toBe('zoë');
    }
  });

  test('OpenAI: the request is built and its answer read', async () => {
    expect(await run('openai')).toMatchObject({ token: 'chatkit_beta=v1 zoë', expiresInSeconds: 200 });
  });
});
