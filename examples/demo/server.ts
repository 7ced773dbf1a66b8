/** The demo: a small app with a sign-in of its own, and LatchKit mounted beside it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createChatServer } from 'latchkit/server';
import { respond } from './respond.ts';
import { loadSecrets } from './secrets.ts';
import { clearedCookie, createSession, readSession, sessionCookie, type Session } from './session.ts';
import { serveStatic } from './static.ts';
import { onAction } from './ticket.ts';

const port = Number(process.env.PORT ?? 4310);
const dataFolder = process.env.LATCHKIT_DATA ?? '.latchkit';
const secrets = loadSecrets(join(dataFolder, 'demo-secrets.json'));

const chat = createChatServer({
  secret: secrets.chat,
  database: process.env.DATABASE_URL ?? join(dataFolder, 'chat.db'),
  attachments: { directory: join(dataFolder, 'files') },
  respond,
  onAction,
  assistant: { id: 'guide', name: 'Guide', isIn: ({ id }) => id === 'tour' },
  // Whoever waits for a person is in the inbox of all who help.
  authorize: ({ user, action }) =>
    isAgent(user.id) && (action === 'inbox.read' || action === 'handover.take') ? true : undefined,
  ttl: 60, // short, so that anyone watching sees the renewals
  authenticate(request) {
    const session = readSession(request.headers.get('cookie'), secrets.session);
    if (!session) return null;
    return {
      id: session.userId,
      name: session.name,
      sessionId: session.sessionId,
      sessionExpiresAt: session.expiresAt,
    };
  },
});

/** The demo's staff: whoever calls themselves so. A real app asks its own records. */
function isAgent(userId: string): boolean {
  return userId.startsWith('agent-');
}

function profileOf({ userId, name }: Session) {
  return { id: userId, name, isAgent: isAgent(userId) };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let body = '';
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > 10_000) return null;
  }
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown, cookie?: string) {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...(cookie !== undefined && { 'set-cookie': cookie }),
  });
  response.end(JSON.stringify(body));
}

async function app(request: IncomingMessage, response: ServerResponse) {
  const route = `${request.method} ${request.url?.split('?')[0]}`;
  switch (route) {
    case 'GET /api/me': {
      const session = readSession(request.headers.cookie, secrets.session);
      return sendJson(response, 200, session && profileOf(session));
    }
    case 'POST /api/sign-in': {
      const body = (await readJson(request)) as { name?: unknown } | null;
      const session = typeof body?.name === 'string' ? createSession(body.name) : null;
      if (!session) return sendJson(response, 400, { message: 'Please give a name of 1 to 40 characters.' });
      const cookie = sessionCookie(session, secrets.session);
      return sendJson(response, 200, profileOf(session), cookie);
    }
    case 'POST /api/sign-out':
      return sendJson(response, 200, null, clearedCookie);
    default:
      return serveStatic(join(import.meta.dirname, 'dist'), request, response);
  }
}

// Nobody may take a minute to say what they want: Node by itself allows 60 s for headers, and looks every 30 s.
const patience = { headersTimeout: 10_000, connectionsCheckingInterval: 1_000 };
const server = createServer(patience, (request, response) => {
  app(request, response).catch((error: unknown) => {
    console.error(error);
    response.writeHead(500).end();
  });
});

server.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE') throw error;
  console.error(`\nPort ${port} is taken by another program. Choose another: PORT=${port + 1} npm run demo\n`);
  process.exit(1);
});

await chat.threads.upsert({ id: 'tour', title: 'A tour', access: 'open' });
await chat.threads.upsert({ id: 'general', title: 'General', access: 'open' });
await chat.threads.upsert({ id: 'help-desk', title: 'Help desk', access: 'open' });
await chat.threads.upsert({ id: 'ops-on-call', title: 'Ops on call', access: 'open' });

chat.attach(server);
server.listen(port, () => {
  console.log(
    `\n  LatchKit demo: http://localhost:${port}\n\n  Open it in two browsers, sign in under two names, and talk. Ctrl+C ends it.\n`,
  );
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void chat.close().then(() => process.exit(0));
  });
}
