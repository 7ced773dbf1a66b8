import { randomUUID } from 'node:crypto';
import type { Engine } from '../../src/server/storage/Engine.ts';
import { KyselyStorage } from '../../src/server/storage/KyselyStorage.ts';

/** How messages come: how many in one turn of the event loop, and how many in all. */
export interface Pace {
  id: string;
  perTurn: number;
  messages: number;
}

export interface AppendCost {
  /** CPU of this process, user and system, per message. A PostgreSQL's own processes are not in it. */
  cpuMicroseconds: number;
  /** By the clock on the wall, per message. */
  wallMicroseconds: number;
}

const THREADS = 20;
const WARM_UP_SHARE = 0.2;
const WORDS =
  'late order parcel thanks please when today tomorrow street number refund invoice again soon maybe door'.split(' ');

/** The same engine, but nothing that is written can be found. */
export function withoutIndex(engine: Engine): Engine {
  return { ...engine, search: { ...engine.search, columns: () => ({}), added: () => Promise.resolve() } };
}

/** What it costs to append messages of about 120 characters to an engine's storage, each durable before the next turn. */
export async function measureAppend(engine: Engine, { perTurn, messages }: Pace): Promise<AppendCost> {
  const storage = new KyselyStorage(engine);
  try {
    await storage.migrate();
    for (let n = 0; n < THREADS; n += 1) {
      await storage.upsertThread({ id: `t${n}`, title: `T${n}`, access: 'open', members: [] });
    }
    await append(storage, Math.round(messages * WARM_UP_SHARE), perTurn);
    const begun = performance.now();
    const before = process.cpuUsage();
    await append(storage, messages, perTurn);
    const { user, system } = process.cpuUsage(before);
    const wall = (performance.now() - begun) * 1_000;
    return { cpuMicroseconds: (user + system) / messages, wallMicroseconds: wall / messages };
  } finally {
    await storage.close();
  }
}

async function append(storage: KyselyStorage, count: number, perTurn: number): Promise<void> {
  for (let from = 0; from < count; from += perTurn) {
    const turn = Array.from({ length: Math.min(perTurn, count - from) }, (_, n) => {
      const parts = [{ type: 'text' as const, text: textOf(from + n) }];
      return storage.appendMessage({ id: randomUUID(), threadId: `t${(from + n) % THREADS}`, authorId: 'ada', parts });
    });
    await Promise.all(turn);
  }
}

/** Twenty words, others in each message. */
function textOf(serial: number): string {
  const word = (n: number) => WORDS[(serial * 7 + n * (1 + (serial % 5))) % WORDS.length] ?? '';
  return `${serial} ${Array.from({ length: 19 }, (_, n) => word(n)).join(' ')}`;
}
