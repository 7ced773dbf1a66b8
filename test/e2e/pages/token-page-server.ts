import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createChatServer, createTokenVerifier } from '../../../src/server/index.ts';
import { TEST_SECRET } from '../../support/chat-server.ts';
import { buildPage, pageHtml, sendHtml, servePage } from '../../support/page.ts';

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

/** A real chat server, the page, the app's own sign-in (`/?user=ada`) and a call of its own that takes the token. */
export async function startTokenPageServer(options: { ttl: number }): Promise<TokenPageServer> {
  const files = await buildPage('test/e2e/pages/token-page.tsx', 'development');
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

  const app = await servePage(files, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page');
    if (pathname === '/app/check') return void check(request, response);
    const user = searchParams.get('user');
    if (user !== null) response.setHeader('set-cookie', `session=${user}; HttpOnly; SameSite=Lax; Path=/`);
    sendHtml(response, pageHtml(files));
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
  chat.attach(app.http);
  app.http.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    const user = signedIn(request.headers.cookie) ?? '';
    const open = sockets.get(user) ?? new Set();
    sockets.set(user, open.add(socket));
    socket.on('close', () => open.delete(socket));
  });

  return {
    url: app.url,
    mints: (user) => mints.get(user) ?? 0,
    cut: (user) => sockets.get(user)?.forEach((socket) => socket.destroy()),
    async stop() {
      await chat.close();
      app.stop();
    },
  };
}
