import { describe, expect, it, vi } from 'vitest';
import { startTestServer } from '../../test/support/chat-server.ts';
import { readAll, startChild } from '../../test/support/child-server.ts';
import { itOnEngines } from '../../test/support/engines.ts';

/** As an app's own rule that asks a database: at every moment some request waits in the middle. */
const OPTIONS = `
  authorize: () => new Promise((resolve) => setTimeout(resolve, 30)),
  drainDelayMs: 400,
`;

/** Five people who send as fast as they are answered, and are told to go in the middle of it. */
async function survivesSigterm(database: string): Promise<void> {
  const server = await startChild(database, OPTIONS);
  const acknowledged: string[] = [];
  const goodbyes: { code: number; reason: string }[] = [];
  let stopped = false;
  const people = await Promise.all(['ada', 'bob', 'cem', 'dee', 'eve'].map((user) => server.open(user)));
  const sending = people.map(async (socket, n) => {
    socket.raw.on('close', (code, reason: Buffer) => goodbyes.push({ code, reason: reason.toString() }));
    // Four under way at a time, so that the signal finds some of them half done.
    const lane = async (letter: string) => {
      for (let count = 0; !stopped; count++) {
        const id = `${n}-${letter}-${count}`;
        await socket.sendText('open', id, id);
        acknowledged.push(id);
        // Within what the server lets one connection send.
        await new Promise((resolve) => setTimeout(resolve, 220));
      }
    };
    await Promise.allSettled(['a', 'b', 'c', 'd'].map(lane));
  });
  await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(40), { timeout: 10_000 });

  expect(await server.probe('/readyz')).toBe(200);
  const before = acknowledged.length;
  const exited = server.kill('SIGTERM');
  await vi.waitFor(async () => expect(await server.probe('/readyz')).toBe(503));
  expect(await server.probe('/healthz')).toBe(200);
  expect(await exited).toBe(0);
  stopped = true;
  await Promise.allSettled(sending);

  // While `readyz` said no, everything went on.
  expect(acknowledged.length).toBeGreaterThan(before);
  expect(goodbyes.map(({ code }) => code)).toEqual([1012, 1012, 1012, 1012, 1012]);
  for (const { reason } of goodbyes) expect(JSON.parse(reason)).toEqual({ spreadMs: expect.any(Number) as unknown });

  const next = await startChild(database, OPTIONS);
  const stored = await readAll(await next.open());
  await next.kill();
  // Nothing acknowledged is lost, nothing is doubled, and nobody has to guess about a message that was stored unanswered.
  expect(stored.map(({ id }) => id).toSorted()).toEqual(acknowledged.toSorted());
}

describe('G11 SIGTERM under load: requests under way are answered, everybody is told when to come back, nothing is lost', () => {
  itOnEngines(survivesSigterm, 60_000);
});

describe('closing', () => {
  it('G11 answers every request that was under way before it says 1012', async () => {
    const releases: (() => void)[] = [];
    const authorize = () => new Promise<undefined>((resolve) => releases.push(() => resolve(undefined)));
    const server = await startTestServer({ authorize });
    await server.chat.threads.upsert({ id: 'open', title: 'Open', access: 'open' });
    const socket = await server.connect('ada');
    const sends = Array.from({ length: 5 }, (_, n) => socket.sendText('open', `${n}`));
    await vi.waitFor(() => expect(releases).toHaveLength(1));
    const closing = server.chat.close();
    const letting = setInterval(() => releases.splice(0).forEach((release) => release()), 5);
    const answers = await Promise.all(sends);
    expect(answers.map(({ message }) => message.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(await socket.closed).toBe(1012);
    await closing;
    clearInterval(letting);
    await server.stop();
  });

  it('answers an HTTP request that was under way, then closes the database', async () => {
    let letIn = () => {};
    const asked = vi.fn();
    const server = await startTestServer({
      authenticate: async () => {
        asked();
        await new Promise<void>((resolve) => (letIn = resolve));
        return { id: 'ada', sessionId: 's1' };
      },
    });
    const minting = server.mint('ada');
    await vi.waitFor(() => expect(asked).toHaveBeenCalled());
    const closing = server.chat.close();
    letIn();
    await expect(minting).resolves.toMatch(/^eyJ/);
    await closing;
    await server.stop();
  });

  it('is told in the log, with its names', async () => {
    const info = vi.fn();
    const server = await startTestServer({ logger: { error: vi.fn(), warn: vi.fn(), info } });
    await server.stop();
    expect(info.mock.calls.map(([, details]) => (details as { event: string }).event)).toEqual([
      'server.draining',
      'server.closed',
    ]);
  });

  it.each([-1, 0.5, 600_001, '5'])('drainDelayMs: %j is refused by name', async (drainDelayMs) => {
    await expect(startTestServer({ drainDelayMs: drainDelayMs as number })).rejects.toMatchObject({
      code: 'invalid_options',
      message: expect.stringContaining('drainDelayMs') as string,
    });
  });
});
