import FakeTimers from '@sinonjs/fake-timers';
import { withSeed } from './random.ts';
import { TokenEndpoint } from './TokenEndpoint.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

const SERVER_START = Date.UTC(2026, 0, 1);
// Taken before any clock is faked.
const realImmediate = setImmediate;

/** One simulation: time that the scenario moves, and the server's side. */
export interface World {
  readonly endpoint: TokenEndpoint;
  /** True time. The clients' `Date.now()` is this plus the offset of their clock. */
  serverNow(): number;
  /** Runs everything that falls due within `ms`. */
  advance(ms: number): Promise<void>;
  /** The machine sleeps: wall clocks go on, timers and `performance.now()` stand still. */
  sleep(ms: number): void;
}

export interface SimulationOptions {
  seed: number;
  /** How wrong the clients' wall clock is, ms. Default 0. */
  clientClockOffset?: number;
}

/** Fakes the global timers, `Date`, `performance` and `Math.random` for as long as `run` takes: every contestant runs as published. */
export function simulate<T>(options: SimulationOptions, run: (world: World) => Promise<T>): Promise<T> {
  const offset = options.clientClockOffset ?? 0;
  return withSeed(options.seed, async () => {
    const clock = FakeTimers.install({
      now: SERVER_START + offset,
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    });
    try {
      const serverNow = () => Date.now() - offset;
      return await run({
        endpoint: new TokenEndpoint(serverNow),
        serverNow,
        async advance(ms) {
          let arrived = false;
          clock.setTimeout(() => (arrived = true), ms);
          await settle();
          while (!arrived) {
            clock.next();
            await settle();
          }
        },
        sleep: (ms) => clock.setSystemTime(Date.now() + ms),
      });
    } finally {
      clock.uninstall();
    }
  });
}

/** Lets promises run, without moving time. */
function settle(): Promise<void> {
  return new Promise((resolve) => realImmediate(resolve));
}
