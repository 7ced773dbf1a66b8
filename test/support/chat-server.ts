import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createChatServer, type ChatServer, type ChatServerOptions } from '../../src/server/index.ts';
import { TestSocket } from './socket.ts';

export const TEST_SECRET = 'a-secret-for-tests-of-at-least-32-bytes';

export interface TestServer {
  chat: ChatServer;
  http: Server;
  url: string;
  socketUrl: string;
  mint: (userId: string, headers?: Record<string, string>) => Promise<string>;
  /** Signs a person in and opens an authenticated socket. */
  connect: (userId: string) => Promise<TestSocket>;
  stop: () => Promise<void>;
}

/** A real LatchKit server on a free port, in memory; whoever the header `x-user` names is signed in. */
export async function startTestServer(options: Partial<ChatServerOptions> = {}): Promise<TestServer> {
  const chat = createChatServer({
    ...(options.keys === undefined && { secret: TEST_SECRET }),
    database: ':memory:',
    authenticate: (request) => {
      const id = request.headers.get('x-user');
      return id === null ? null : { id, name: `Name of ${id}`, sessionId: request.headers.get('x-session') ?? 's1' };
    },
    logger: { error: () => {}, warn: () => {}, info: () => {} },
    ...options,
  } as ChatServerOptions);
  const http = createServer((_, response) => response.end('the app'));
  chat.attach(http);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const socketUrl = `ws://127.0.0.1:${port}/chat/socket`;

  async function mint(userId: string, headers: Record<string, string> = {}): Promise<string> {
    const response = await fetch(`${url}/chat/token`, {
      method: 'POST',
      headers: { 'x-latchkit': '1', 'x-user': userId, ...headers },
    });
    if (!response.ok) throw new Error(`No token: ${response.status} ${await response.text()}`);
    return ((await response.json()) as { token: string }).token;
  }

  return {
    chat,
    http,
    url,
    socketUrl,
    mint,
    connect: async (userId) => TestSocket.open(socketUrl, await mint(userId)),
    async stop() {
      await chat.close();
      http.closeAllConnections();
      http.close();
    },
  };
}
