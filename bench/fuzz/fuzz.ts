import type { Sample } from './memory.ts';
import { nextShot } from './mutate.ts';
import { Random } from '../../test/support/Random.ts';
import { ServerProcess } from './ServerProcess.ts';
import { Shooter, type Tally } from './Shooter.ts';
import { Witness } from './Witness.ts';

const SHOOTERS = 8;
const VOLLEY = 100;
/** Frames between two looks at the server. */
const BATCH = 1_000;
/** Tokens live for 900 s. */
const NEW_TOKENS_MS = 300_000;
const UNAUTHENTICATED_SHARE = 0.02;

export interface FuzzResult extends Tally {
  frames: number;
  unauthenticated: number;
  mutations: Map<string, number>;
  samples: Sample[];
  /** The longest that the well-behaved client waited, ms. */
  slowestAnswerMs: number;
  serverErrors: [message: string, count: number][];
  seconds: number;
}

export interface FuzzOptions {
  frames: number;
  seed: number;
  /** Frames between two samples of memory. */
  sampleEvery: number;
  onSample?: (sample: Sample) => void;
}

/** Fires mutated frames at a server in a process of its own. Rejects when it crashes, hangs, or fails a well-behaved client. */
export async function fuzz({ frames, seed, sampleEvery, onSample }: FuzzOptions): Promise<FuzzResult> {
  const random = new Random(seed);
  const server = await ServerProcess.start();
  const tally: Tally = { refusals: new Map(), closes: new Map(), violations: [] };
  const mutations = new Map<string, number>();
  const samples: Sample[] = [];
  const begun = performance.now();
  let [sent, unauthenticated, slowestAnswerMs] = [0, 0, 0];
  let serverErrors: [string, number][] = [];
  let tokens: string[] = [];
  let mintedAt = -Infinity;

  const shooters = Array.from(
    { length: SHOOTERS },
    (_, n) => new Shooter(server.socketUrl, () => tokens[n] ?? '', tally),
  );

  async function look(): Promise<void> {
    const { errors, ...memory } = await server.memory();
    serverErrors = errors;
    samples.push({ frames: sent, ...memory });
    onSample?.(samples.at(-1)!);
  }

  /** What comes after depends on no timing: all of it is drawn before anything is sent. */
  async function batch(size: number): Promise<void> {
    const volleys: Promise<void>[] = [];
    for (let n = 0; n < SHOOTERS; n++) {
      const count = Math.floor(size / SHOOTERS) + (n < size % SHOOTERS ? 1 : 0);
      const shots = Array.from({ length: count }, () => nextShot(random, tokens[n] ?? ''));
      const alone = shots.splice(0, Math.round(count * UNAUTHENTICATED_SHARE));
      for (const { mutation } of [...shots, ...alone]) mutations.set(mutation, (mutations.get(mutation) ?? 0) + 1);
      unauthenticated += alone.length;
      volleys.push(
        (async () => {
          while (shots.length > 0) await shooters[n]!.fire(shots.splice(0, VOLLEY));
          for (const shot of alone) await shooters[n]!.fireUnauthenticated(shot);
        })(),
      );
    }
    await Promise.all(volleys);
    sent += size;
  }

  try {
    let witness: Witness | null = null;
    await look();
    while (sent < frames) {
      if (performance.now() - mintedAt > NEW_TOKENS_MS) {
        tokens = await Promise.all(shooters.map((_, n) => server.mint(`fuzz-${n % 2}`)));
        witness?.close();
        witness = await Witness.open(server.socketUrl, await server.mint('good'));
        mintedAt = performance.now();
      }
      await Promise.race([batch(Math.min(BATCH, frames - sent)), server.crashed]);
      const answered = await Promise.race([witness!.sends(), server.crashed]);
      slowestAnswerMs = Math.max(slowestAnswerMs, answered);
      if (sent % sampleEvery === 0) await look();
    }
    await look();
    witness?.close();
  } finally {
    for (const shooter of shooters) shooter.close();
    await server.stop();
  }
  const seconds = (performance.now() - begun) / 1000;
  return { ...tally, frames: sent, unauthenticated, mutations, samples, slowestAnswerMs, serverErrors, seconds };
}
