import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runChaos } from './run-chaos.ts';

const folder = await mkdtemp(join(tmpdir(), 'latchkit-chaos-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

test('C14 C15 S2 S3 G10 a connection that loses nothing: kills of the server and a bad network lose, double and reorder no message', async () => {
  const seed = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 1_000_000));
  console.log(`CHAOS_SEED=${seed}`);
  const result = await runChaos({
    kills: 3,
    clients: 6,
    threads: 4,
    processes: 2,
    seed,
    meanPauseMs: 400,
    killEveryMs: [2_000, 6_000],
    changes: true,
    transport: 'mixed',
    database: join(folder, 'chat.db'),
  });
  const { counts, findings, compared } = result;
  console.log(JSON.stringify(counts));
  expect(findings, `CHAOS_SEED=${seed}`).toEqual([]);
  expect(counts.kills).toBe(3);
  expect(counts.reconnects).toBeGreaterThan(6);
  expect(counts.stored).toBeGreaterThan(50);
  expect(counts.stored + counts.unsent).toBe(counts.written);
  expect(compared).toBe(counts.stored * 6);
}, 120_000);
