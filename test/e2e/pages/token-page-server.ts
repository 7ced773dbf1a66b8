import { build } from 'esbuild';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { resolve } from 'node:path';
import { createChatServer, createTokenVerifier } from '../../../src/server/index.ts';
import { TEST_SECRET } from '../../support/chat-server.ts';

export interface TokenPageServer {
  url: string;
  /** Token requests that have arrived, by person. */
  mints(user: string): number;
  /** Cuts a person's sockets, as a lost network does: without a word. */
  cut(user: string): void;
  stop(): Promise<void>;
}

/** The app's own sign-in: a cookie that no script can read. */
function signedIn(cookie: string | null | undefined): string | null {
  return /(?:^|; )session=([\w-]+)/.exec(cookie ?? '')?.[1] ?? null;
}

async function bundlePage(): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    entryPoints: { page: resolve('test/e2e/pages/token-page.tsx') },
    bundle: true,
    write: false,
    outdir: '/',
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    // The sources, by the paths of tsconfig.json; styles have no entry there.
    alias: { 'latchkit/styles.css': resolve('src/react/styles/index.css') },
    define: { 'process.env.NODE_ENV': '"development"' },
    logLevel: 'error',
  });
  return new Map(outputFiles.map(({ path, text }) => [path, text]));
}

const HTML = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Token page</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"></head>
<body><div id="root"></div><script type="module" src="/page.js"></script></body></html>`;

const TYPES: Record<string, string> = { js: 'text/javascript', css: 'text/css' };

/** A real chat server, the page, the app's own sign-in (`/?user=ada`) and a call of its own that takes the token. */
export async function startTokenPageServer(options: { ttl: number }): Promise<TokenPageServer> {
  const files = await bundlePage();
  const verifier = createTokenVerifier({ secret: TEST_SECRET });
  const mints = new Map<string, number>();
  const sockets = new Map<string, Set<Duplex>>();

  async function check(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { expiresAt } = await verifier.verify(request.headers.authorization?.replace(/^Bearer /, '') ?? '');
      // Stricter than the verifier, which forgives some seconds of clocks that differ.
      response.writeHead(expiresAt > Date.now() ? 200 : 410).end();
    } catch {
      response.writeHead(401).end();
    }
  }

  const http = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page');
    if (pathname === '/app/check') return void check(request, response);
    const file = files.get(pathname);
    if (file !== undefined) {
      return void response.writeHead(200, { 'content-type': TYPES[pathname.split('.').pop() ?? ''] }).end(file);
    }
    const user = searchParams.get('user');
    if (user !== null) response.setHeader('set-cookie', `session=${user}; HttpOnly; SameSite=Lax; Path=/`);
    response.writeHead(200, { 'content-type': 'text/html' }).end(HTML);
  });

  const chat = createChatServer({
    secret: TEST_SECRET,
    database: ':memory:',
    ttl: options.ttl,
    authenticate(request) {
      const user = signedIn(request.headers.get('cookie'));
      if (user === null) return null;
      mints.set(user, (mints.get(user) ?? 0) + 1);
      return { id: user, name: user, sessionId: `session-of-${user}` };
    },
  });
  await chat.threads.upsert({ id: 'general', title: 'General', access: 'open' });
  chat.attach(http);
  http.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    const user = signedIn(request.headers.cookie) ?? '';
    const open = sockets.get(user) ?? new Set();
    sockets.set(user, open.add(socket));
    socket.on('close', () => open.delete(socket));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');

  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    mints: (user) => mints.get(user) ?? 0,
    cut: (user) => sockets.get(user)?.forEach((socket) => socket.destroy()),
    async stop() {
      await chat.close();
      http.closeAllConnections();
      http.close();
    },
  };
}
