import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/chat-server.ts';
import { WIRES } from '../../../test/support/wires.ts';
import type { SearchHit } from '../../protocol/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkit-search-actions-'));
let server: TestServer;
/** Threads that the app lets nobody read. */
const closed = new Set<string>();
let names = 0;

beforeAll(async () => {
  server = await startTestServer({
    database: join(folder, 'chat.db'),
    authorize: ({ action, threadId }) => (action === 'thread.read' && closed.has(threadId) ? false : undefined),
  });
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(WIRES)('a search ($name)', (wire) => {
  const connect = async (userId: string) => wire.open(`${server.url}/chat`, await server.mint(userId));
  type Client = Awaited<ReturnType<typeof connect>>;
  const search = (client: Client, query: string, rest: object = {}) =>
    client.request({ type: 'message.search', query, ...rest }, 'message.found');
  const refused = async (client: Client, query: string, rest: object = {}) =>
    (await client.request({ type: 'message.search', query, ...rest }, 'request.refused')).error;
  const found = (hits: readonly SearchHit[]) =>
    hits.map(({ threadTitle, snippet, ranges }) => [
      threadTitle,
      ranges.map(({ start, end }) => snippet.slice(start, end)),
    ]);
  const makeThread = async (owner: Client, title: string, memberIds: string[]) => {
    const threadId = crypto.randomUUID();
    await owner.request({ type: 'thread.create', threadId, title, access: 'members', memberIds }, 'thread.saved');
    return threadId;
  };

  it('finds what the person may read at that moment, and shows where', async () => {
    names += 1;
    const [a, b] = [`ada${names}`, `ben${names}`];
    const [ada, ben] = [await connect(a), await connect(b)];
    const [mine, ours] = [await makeThread(ada, 'Mine', []), await makeThread(ada, 'Ours', [b])];
    await ada.sendText(mine, 'The marzipan invoice');
    await ada.sendText(ours, 'An invoice for marzipan, twice: marzipan');
    expect(found((await search(ada, 'marzi')).hits)).toEqual([
      ['Ours', ['marzi', 'marzi']],
      ['Mine', ['marzi']],
    ]);
    expect(found((await search(ben, '"marzipan twice" OR')).hits)).toEqual([]);
    expect(found((await search(ben, '"marzipan twice"')).hits)).toEqual([['Ours', ['marzipan, twice']]]);
    expect((await search(ben, 'marzipan', { threadId: ours })).hits).toHaveLength(1);
    expect((await refused(ben, 'marzipan', { threadId: mine })).code).toBe('thread_forbidden');
    expect((await refused(ben, 'marzipan', { threadId: 'nowhere' })).code).toBe('thread_not_found');
    // What the app says goes before what the storage says.
    closed.add(ours);
    expect((await search(ben, 'marzipan')).hits).toEqual([]);
    closed.delete(ours);
    expect((await search(ben, 'marzipan')).hits).toHaveLength(1);
    await ben.request({ type: 'thread.leave', threadId: ours }, 'request.done');
    expect((await search(ben, 'marzipan')).hits).toEqual([]);
  });

  it('comes page by page, the newest first', async () => {
    names += 1;
    const ada = await connect(`ada${names}`);
    const threadId = await makeThread(ada, 'Many', []);
    for (let n = 1; n <= 25; n += 1) await ada.sendText(threadId, `needle ${n}`);
    const first = await search(ada, 'needle', { threadId });
    expect(first.hits.map(({ snippet }) => snippet).slice(0, 2)).toEqual(['needle 25', 'needle 24']);
    const { hits, nextCursor } = await search(ada, 'needle', { threadId, cursor: first.nextCursor });
    expect(hits.map(({ snippet }) => snippet)).toEqual([5, 4, 3, 2, 1].map((n) => `needle ${n}`));
    expect(nextCursor).toBeNull();
    expect((await refused(ada, 'needle', { threadId, cursor: 'made-up' })).code).toBe('bad_request');
  });

  it('G5 costs more than other frames, so fewer are let through', async () => {
    const strict = await startTestServer({ limits: { searchBurst: 2, searchesPerSecond: 1 } });
    const ada = await wire.open(`${strict.url}/chat`, await strict.mint('ada'));
    for (let n = 100; n < 106; n += 1) ada.send({ type: 'message.search', requestId: n, query: 'x' });
    const { error } = await ada.take('request.refused');
    expect(error).toMatchObject({ code: 'rate_limited', retryable: true });
    expect(error.retryAfterMs).toBeGreaterThan(0);
    await strict.stop();
  });
});
