import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll } from 'vitest';
import type { Message } from '../../src/protocol/index.ts';
import { TestSocket } from './socket.ts';

const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

const PROGRAM = (options: string) => `
import { createServer } from 'node:http';
import { createChatServer } from ${JSON.stringify(new URL('../../src/server/index.ts', import.meta.url).href)};
const chat = createChatServer({
  secret: 'a-secret-for-tests-of-at-least-32-bytes',
  database: process.env.DATABASE,
  authenticate: (request) => ({ id: request.headers.get('x-user') ?? 'ada', sessionId: 's1' }),
  ${options}
});
await chat.threads.upsert({ id: 'open', title: 'Open', access: 'open' });
const http = createServer();
chat.attach(http);
http.listen(0, '127.0.0.1', () => console.log(http.address().port));
process.once('SIGTERM', () => chat.close().then(() => process.exit(0)));
`;

/**
 * A server in a process of its own, so that it can be killed without a chance to tidy up, with one open thread, `open`.
 * @param options what else `createChatServer` gets, as source
 */
export async function startChild(database: string, options = '') {
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', PROGRAM(options)];
  const env = { ...process.env, DATABASE: database };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  const exited = once(child, 'exit').then(([code]) => {
    children.delete(child);
    return code as number | null;
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const base = `http://127.0.0.1:${line.toString().trim()}/chat`;
  return {
    exited,
    async kill(signal: NodeJS.Signals = 'SIGKILL') {
      child.kill(signal);
      return exited;
    },
    /** The status that it answers with. */
    probe: async (path: string) => (await fetch(base + path)).status,
    /** Somebody's connection. */
    async open(user = 'ada') {
      const headers = { 'x-latchkit': '1', 'x-user': user };
      const response = await fetch(`${base}/token`, { method: 'POST', headers });
      const { token } = (await response.json()) as { token: string };
      const socket = await TestSocket.open(`${base.replace('http', 'ws')}/socket`, token);
      socket.raw.on('error', () => {});
      return socket;
    },
  };
}

/** All that the thread `open` has, the oldest first. */
export async function readAll(socket: TestSocket): Promise<Message[]> {
  const page = await socket.request({ type: 'thread.subscribe', threadId: 'open' }, 'thread.subscribed');
  let { hasOlder } = page;
  const messages = [...page.messages];
  while (hasOlder) {
    const fetch = { type: 'history.fetch', threadId: 'open', beforeSeq: messages[0]!.seq, limit: 100 };
    const older = await socket.request(fetch, 'history.page');
    messages.unshift(...older.messages);
    hasOlder = older.hasOlder;
  }
  return messages;
}
