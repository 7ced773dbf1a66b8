import { contestants, type Contestant } from './contestants.ts';
import { measure } from './measure.ts';
import type { Measurement, Scenario } from './Scenario.ts';

/** By scenario, then by contestant: one measurement per round. */
export type Results = Map<string, Map<string, Measurement[]>>;

export interface CompareOptions {
  scenarios: Scenario[];
  rounds: number;
  /** An empty database; without one, PostgreSQL is not run. */
  createDatabase?: (() => Promise<string>) | undefined;
  onMeasured?: (scenario: Scenario, contestant: Contestant, measurement: Measurement) => void;
}

/** Everybody in turn, round after round, so that a machine that is slower for a minute is slower for all. */
export async function compare({ scenarios, rounds, createDatabase, onMeasured }: CompareOptions): Promise<Results> {
  const results: Results = new Map(scenarios.map(({ id }) => [id, new Map<string, Measurement[]>()]));
  const taking = contestants.filter(({ id }) => id !== 'latchkit-postgres' || createDatabase);
  for (let round = 0; round < rounds; round += 1) {
    for (const scenario of scenarios) {
      for (const contestant of taking) {
        const database = contestant.id === 'latchkit-postgres' ? await createDatabase?.() : undefined;
        const measurement = await measure(contestant, scenario, database);
        const found = results.get(scenario.id);
        found?.set(contestant.id, [...(found.get(contestant.id) ?? []), measurement]);
        onMeasured?.(scenario, contestant, measurement);
      }
    }
  }
  return results;
}
