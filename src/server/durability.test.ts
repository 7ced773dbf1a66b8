import { describe, expect } from 'vitest';
import { readAll, startChild } from '../../test/support/child-server.ts';
import { itOnEngines } from '../../test/support/engines.ts';
import type { Message } from '../protocol/index.ts';

async function survivesKills(database: string): Promise<void> {
  const acknowledged = new Map<string, Message>();
  let unanswered: string[] = [];
  for (let round = 0; round < 4; round++) {
    const server = await startChild(database);
    const socket = await server.open();
    // What was cut off is sent again, as a client would: stored or not, it is to be there once.
    for (const id of unanswered) acknowledged.set(id, (await socket.sendText('open', id, id)).message);
    const ids = Array.from({ length: 30 }, (_, n) => `${round}-${n}`);
    const answered = new Set<string>();
    let killed: Promise<unknown> | undefined;
    const sends = ids.map(async (id) => {
      const { message } = await socket.sendText('open', id, id);
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
  const socket = await last.open();
  for (const id of unanswered) acknowledged.set(id, (await socket.sendText('open', id, id)).message);
  const stored = await readAll(socket);
  await last.kill();
  expect(stored.map((message) => message.seq)).toEqual(Array.from({ length: 120 }, (_, n) => n + 1));
  expect(new Set(stored.map((message) => message.id)).size).toBe(120);
  const byId = new Map(stored.map((message) => [message.id, message]));
  for (const [id, message] of acknowledged) expect(byId.get(id)).toEqual(message);
}

describe('G10 kill -9 under load loses no acknowledged message and doubles none', () => {
  itOnEngines(survivesKills, 60_000);
});
