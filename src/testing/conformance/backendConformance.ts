import { BackendProbe } from './BackendProbe.ts';
import { CASES } from './cases.ts';
import type { ConformanceCase, ConformanceOptions } from './types.ts';

const PATIENCE_MS = 5_000;

/**
 * What every {@link ChatBackend} must do, as cases for any test runner: they bring their own checks, and time passes by the system's clock.
 *
 * ```ts
 * describe('my backend', () => {
 *   for (const { name, skipped, run } of backendConformance({ stage: startMyServer })) test.skipIf(skipped)(name, run);
 * });
 * ```
 */
export function backendConformance(options: ConformanceOptions): ConformanceCase[] {
  const { stage: makeStage, without = [], patienceMs = PATIENCE_MS } = options;
  return CASES.map(({ chapter, name, run }) => ({
    chapter,
    name: `${chapter}: ${name}`,
    skipped: without.includes(chapter),
    async run() {
      const stage = await makeStage();
      const probe = new BackendProbe(stage, patienceMs);
      const others: BackendProbe[] = [];
      try {
        await run(probe, (fetchToken) => {
          const other = new BackendProbe({ ...stage, end: undefined }, patienceMs, fetchToken);
          others.push(other);
          return other;
        });
      } finally {
        for (const other of others) await other.end();
        await probe.end();
      }
    },
  }));
}
