import { setTimeout as sleep } from 'node:timers/promises';
import { createFaultProxy } from '../../src/testing/node/index.ts';
import { ClientProcess } from './ClientProcess.ts';
import { NetworkTrouble } from './NetworkTrouble.ts';
import { Random } from '../support/Random.ts';
import { readStorage } from './read-storage.ts';
import { ServerProcess } from './ServerProcess.ts';
import type { ChaosOptions, ChaosResult, ClientConfig, ClientReport } from './types.ts';
import { verify } from './verify.ts';

/** How long clients may take to come to rest: the longest backoff, a lapsed request and some turns of the outbox. */
const REST_MS = 300_000;

/** Clients write through a bad network to a server that is killed again and again; then everybody compares. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { kills, seed, killEveryMs, log = () => {} } = options;
  const start = performance.now();
  const random = new Random(seed);
  const threadIds = Array.from({ length: options.threads }, (_, n) => `thread-${n}`);
  const server = new ServerProcess({ database: options.database, threadIds });
  const proxy = await createFaultProxy({ target: await server.start(), seed });
  const processes = await startClients(options, `${proxy.url}/chat`, threadIds);
  const trouble = new NetworkTrouble(proxy, new Random(seed + 1));
  try {
    for (let kill = 1; kill <= kills; kill++) {
      await sleep(random.between(...killEveryMs));
      const kinds = proxy.connections.map((connection) => connection.kind);
      const met = (kind: string) => kinds.filter((each) => each === kind).length;
      log(`kill ${kill} of ${kills} meets ${met('websocket')} sockets and ${met('event-stream')} event streams`);
      await server.kill();
      await sleep(random.between(0, 1_500));
      proxy.setTarget(await server.start());
    }
    await sleep(random.between(...killEveryMs));
    trouble.end();
    for (const each of processes) each.tell({ type: 'stop' });
    const stopped = performance.now();
    log('quiet');
    const restless = await untilAtRest(processes);
    const quietAfterMs = performance.now() - stopped;
    log(`at rest after ${Math.round(quietAfterMs)} ms`);
    // What was just stored is still on its way to the others.
    await sleep(1_000);
    const clients = await collect(processes);
    // Once more, so that only what is on the disk counts.
    await server.kill();
    const storage = await readStorage(await server.start(), threadIds);
    const findings = [...restless, ...verify(storage, clients)];
    if (server.output !== '') findings.push(`The server logged:\n${server.output.slice(0, 4_000)}`);
    return {
      options,
      counts: {
        ...sumCounts(clients),
        written: sum(clients, ({ written }) => written.length),
        acknowledged: sum(clients, ({ acknowledged }) => acknowledged.length),
        stored: [...storage.values()].flat().length,
        unsent: sum(clients, ({ unsent }) => unsent.length),
        unsaved: sum(clients, ({ unsaved }) => unsaved.length),
        kills,
        faults: trouble.counts,
      },
      compared: sum(clients, ({ threads }) => threads.flatMap(([, rows]) => rows).length),
      quietAfterMs,
      totalMs: performance.now() - start,
      errors: mergeErrors(clients),
      findings,
    };
  } finally {
    trouble.end();
    await Promise.all(processes.map((each) => each.end()));
    await proxy.close();
    await server.kill();
  }
}

async function startClients(options: ChaosOptions, url: string, threadIds: string[]): Promise<ClientProcess[]> {
  const { clients, processes, seed, meanPauseMs, changes, transport } = options;
  const mixed = ['websocket', 'event-stream', 'auto'] as const;
  const configs = Array.from({ length: clients }, (_, n): ClientConfig => ({
    url,
    userId: `user-${n}`,
    threadIds,
    seed: seed * 1_000 + n,
    meanPauseMs,
    changes,
    transport: transport === 'mixed' ? mixed[n % mixed.length]! : transport,
  }));
  const shares = Array.from({ length: processes }, (_, n) => configs.filter((__, index) => index % processes === n));
  return Promise.all(shares.map((share) => ClientProcess.start(share)));
}

/** Who does not come to rest, and why. */
async function untilAtRest(processes: ClientProcess[]): Promise<string[]> {
  const end = performance.now() + REST_MS;
  for (;;) {
    const status = (await Promise.all(processes.map((each) => each.status()))).flat();
    const busy = status.filter(({ connected, unanswered, threadsReady }) => !connected || unanswered || !threadsReady);
    if (busy.length === 0) return [];
    if (performance.now() > end) {
      return busy.map((status) => `Not at rest after ${REST_MS} ms: ${JSON.stringify(status)}`);
    }
    for (const each of processes) each.tell({ type: 'wake' });
    await sleep(500);
  }
}

async function collect(processes: ClientProcess[]): Promise<ClientReport[]> {
  return (await Promise.all(processes.map((each) => each.collect()))).flat();
}

function sum(clients: ClientReport[], read: (client: ClientReport) => number): number {
  return clients.reduce((total, client) => total + read(client), 0);
}

function sumCounts(clients: ClientReport[]): ClientReport['counts'] {
  const names = ['connections', 'reconnects', 'resumes', 'resumesWithGap', 'changes'] as const;
  const sums = names.map((name) => [name, sum(clients, ({ counts }) => counts[name])] as const);
  return Object.fromEntries(sums) as unknown as ClientReport['counts'];
}

function mergeErrors(clients: ClientReport[]): [what: string, count: number][] {
  const merged = new Map<string, number>();
  for (const [what, count] of clients.flatMap(({ errors }) => errors)) {
    merged.set(what, (merged.get(what) ?? 0) + count);
  }
  return [...merged].sort(([, a], [, b]) => b - a);
}
