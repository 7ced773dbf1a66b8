import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import {
  createChatClient,
  createHttpTokenFetcher,
  latchkitBackend,
  type ChatClient,
  type SocketConstructor,
  type ThreadHandle,
} from '../../src/client/index.ts';
import { textOf } from '../../src/protocol/index.ts';
import { createFaultProxy, type FaultProxy } from '../../src/testing/node/index.ts';
import { ServerProcess } from './ServerProcess.ts';

const WORDS = 120;
const WHOLE = Array.from({ length: WORDS }, (_, index) => `w${index} `).join('');
const PATIENCE = { timeout: 60_000, interval: 20 };

let folder: string;
let server: ServerProcess;
let proxy: FaultProxy;
const clients: ChatClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.dispose();
  await server.kill();
  await proxy.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(everyMs: number): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'latchkit-answer-'));
  const database = join(folder, 'chat.db');
  server = new ServerProcess({ database, threadIds: ['help'], answer: { words: WORDS, everyMs } });
  proxy = await createFaultProxy({ target: await server.start(), seed: 6 });
}

/** A person at a client, with everything that an answer ever said to them. */
async function person(userId: string) {
  const url = `${proxy.url}/chat`;
  const asUser: typeof fetch = (input, init) =>
    fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), 'x-user': userId } });
  const client = createChatClient({
    url,
    userId,
    tabs: false,
    fetchToken: createHttpTokenFetcher({ url, fetch: asUser }),
    backend: latchkitBackend({ url, transport: 'websocket', WebSocket: WebSocket as unknown as SocketConstructor }),
  });
  clients.push(client);
  client.retain();
  const thread = client.thread('help');
  const said: string[] = [];
  let watched: string | undefined;
  thread.subscribe(() => {
    const id = answerIn(thread)?.message.id;
    if (id === undefined || id === watched) return;
    watched = id;
    const parts = thread.answerParts(id);
    parts.subscribe(() => said.push(textOf([...parts.get()])));
  });
  await vi.waitFor(() => expect(thread.get().status).toBe('ready'), PATIENCE);
  return { thread, said };
}

const answerIn = (thread: ThreadHandle) => thread.get().messages.find(({ message }) => message.answer);
const statusIn = (thread: ThreadHandle) => answerIn(thread)?.message.answer?.status;

/** However the line broke: an answer only ever grows, and never says what it does not say in the end. */
function expectPrefixes(said: readonly string[]): void {
  expect(said.length).toBeGreaterThan(0);
  expect(said.filter((text) => !WHOLE.startsWith(text))).toEqual([]);
}

test('S8 a server that is killed in the middle of an answer keeps what there was, and gives it anew when asked', async () => {
  await start(40);
  const [ada, bob] = await Promise.all([person('ada'), person('bob')]);
  ada.thread.send('Tell me.');
  await vi.waitFor(() => expect(bob.said.at(-1)?.length ?? 0).toBeGreaterThan(120), PATIENCE);
  await server.kill();
  proxy.setTarget(await server.start());
  await vi.waitFor(
    () => expect([ada, bob].map(({ thread }) => statusIn(thread))).toEqual(['failed', 'failed']),
    PATIENCE,
  );
  const cut = answerIn(ada.thread)!.message;
  expect(cut.answer?.error?.code).toBe('answer_interrupted');
  // It is stored once a second: a second's words at most are gone.
  expect(textOf(cut.parts).length).toBeGreaterThan(20);
  for (const { said } of [ada, bob]) expectPrefixes(said);

  await ada.thread.retryAnswer(cut.id);
  await vi.waitFor(() => expect([ada, bob].map(({ thread }) => statusIn(thread))).toEqual(['done', 'done']), PATIENCE);
  for (const { thread } of [ada, bob]) {
    const { messages } = thread.get();
    expect(messages).toHaveLength(2);
    expect(textOf(answerIn(thread)!.message.parts)).toBe(WHOLE);
    expect(answerIn(thread)!.message.attempts).toMatchObject([{ run: 1, parts: cut.parts, question: 'Tell me.' }]);
  }
}, 120_000);

test('S8 over a line that breaks all the time an answer arrives whole, and says nothing else on its way', async () => {
  await start(25);
  const [ada, bob] = await Promise.all([person('ada'), person('bob')]);
  ada.thread.send('Tell me.');
  await vi.waitFor(() => expect(statusIn(bob.thread)).toBe('streaming'), PATIENCE);
  const calm = proxy.flap([300, 600], [50, 250]);
  proxy.duplicate(10, { direction: 'down' });
  await vi.waitFor(() => expect(proxy.totals.cut).toBeGreaterThan(5), PATIENCE);
  // A client waits longer after each loss: where none of its attempts met a minute's few good moments, the answer is still to come.
  calm();
  await vi.waitFor(() => expect([ada, bob].map(({ thread }) => statusIn(thread))).toEqual(['done', 'done']), PATIENCE);
  for (const { thread, said } of [ada, bob]) {
    expect(thread.get().messages).toHaveLength(2);
    expect(textOf(answerIn(thread)!.message.parts)).toBe(WHOLE);
    expectPrefixes(said);
  }
}, 150_000);
