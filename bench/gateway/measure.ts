import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { LoadOrder } from './client-process.ts';
import type { Contestant } from './contestants.ts';
import type { Measurement, Scenario } from './Scenario.ts';

/** One contestant in one scenario: the server in a process of its own, all of its clients in another. */
export async function measure(contestant: Contestant, scenario: Scenario, databaseUrl = ''): Promise<Measurement> {
  const server = start('./server-process.ts', [contestant.id, JSON.stringify(scenario), databaseUrl]);
  const clients = start('./client-process.ts', []);
  try {
    const { port } = await server.next<{ port: number }>();
    const order = async <T>(what: LoadOrder) => {
      clients.child.send(what);
      return (await clients.next<{ result: T }>()).result;
    };
    const cpuSeconds = async () => {
      server.child.send('cpu');
      return (await server.next<{ cpuSeconds: number }>()).cpuSeconds;
    };
    await order({ do: 'connect', port, dialect: contestant.dialect, scenario });
    await order({ do: 'full', ms: scenario.warmUpMs, atLeast: scenario.warmUpMessages });
    const before = await cpuSeconds();
    const full = await order<{ messages: number; deliveries: number; seconds: number }>({
      do: 'full',
      ms: scenario.fullMs,
    });
    const after = await cpuSeconds();
    const paced = await order<{ p50: number; p99: number; deliveries: number }>({
      do: 'paced',
      ms: scenario.pacedMs,
      messagesPerSecond: scenario.messagesPerSecond,
    });
    const { p50, p99, deliveries: pacedDeliveries } = paced;
    const pacedCpuSeconds = (await cpuSeconds()) - after;
    return { ...full, cpuSeconds: after - before, p50, p99, pacedDeliveries, pacedCpuSeconds };
  } finally {
    await Promise.all([clients.end(), server.end()]);
  }
}

function start(file: string, args: string[]) {
  const child = fork(new URL(file, import.meta.url), args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  return {
    child,
    next: <T>() => next(child) as Promise<T>,
    /** Both end by themselves, and tidy up, when nobody is there to give orders. */
    async end() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

async function next(child: ChildProcess): Promise<unknown> {
  const done = new AbortController();
  const { signal } = done;
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]: unknown[]) => message),
      once(child, 'exit', { signal }).then(() => Promise.reject(new Error('A process of the bench ended early.'))),
    ]);
  } finally {
    done.abort();
  }
}
