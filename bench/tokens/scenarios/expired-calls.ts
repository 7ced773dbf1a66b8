import type { CallingClient, CallingContestant } from '../contestants/expired-calls.ts';
import type { Figure } from '../Figure.ts';
import { startLocalApi } from '../LocalApi.ts';
import { withSeed } from '../random.ts';
import { ROUND_TRIP_MS } from '../TokenEndpoint.ts';
import { SECOND } from '../World.ts';

const CALLS = 5;
const RUNS = 3;
/** Twice what the slowest of those that answer at all needs. */
const PATIENCE_MS = 20_000;

/** Five calls at once with a token that has expired, over local HTTP in real time. */
export async function expiredCalls(contestants: CallingContestant[], seed: number): Promise<Figure[]> {
  const mints: Figure['values'] = {};
  const lastAnswer: Figure['values'] = {};
  for (const contestant of contestants) {
    // Not counted: the first run pays for loading and compiling.
    const first = await withSeed(seed, () => run(contestant));
    if (first.ms === null) {
      mints[contestant.name] = `${first.mints.toLocaleString('en')} and counting`;
      lastAnswer[contestant.name] = `none in ${PATIENCE_MS / SECOND} s`;
      continue;
    }
    const runs: Run[] = [];
    for (let i = 0; i < RUNS; i++) runs.push(await withSeed(seed + i, () => run(contestant)));
    mints[contestant.name] = Math.max(...runs.map((one) => one.mints));
    lastAnswer[contestant.name] = Math.round(median(runs.map((one) => one.ms ?? Infinity)));
  }
  return [
    {
      id: 'calls.mints',
      what: `Mints for ${CALLS} concurrent calls with an expired token (real time, the most of ${RUNS} runs)`,
      max: 1,
      values: mints,
      quoted: 'stream-chat 9.53 5, Ably 1',
    },
    {
      id: 'calls.ms',
      what: `Their last answer, ms (real time; the endpoint takes ${ROUND_TRIP_MS} ms; the median of ${RUNS} runs)`,
      max: 100,
      values: lastAnswer,
      quoted: 'stream-chat 9.53 8,600–10,300, Ably 33',
    },
  ];
}

interface Run {
  mints: number;
  /** Null when not all were answered within the patience. */
  ms: number | null;
}

async function run(contestant: CallingContestant): Promise<Run> {
  const api = await startLocalApi(contestant.refusal);
  const client = await contestant.signIn(api);
  try {
    // As many once before, so that no run pays for connections.
    await callAll(client);
    api.expireAll();
    await client.lapse?.();
    const before = api.mints;
    const begin = performance.now();
    const calls = callAll(client);
    const answered = await Promise.race([calls, patience()]);
    const result = { mints: api.mints - before, ms: answered ? performance.now() - begin : null };
    // Lets those who still repeat come to an end.
    api.acceptAll();
    await calls;
    return result;
  } finally {
    client.close();
    await api.close();
  }
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

async function callAll(client: CallingClient): Promise<true> {
  await Promise.all(Array.from({ length: CALLS }, () => client.call()));
  return true;
}

/** Keeps no process alive that is done. */
function patience(): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), PATIENCE_MS).unref());
}
