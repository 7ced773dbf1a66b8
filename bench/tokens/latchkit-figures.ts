import { latchkit } from './contestants/latchkit.ts';
import type { Figure } from './Figure.ts';
import { simulatedScenarios } from './scenarios/simulated.ts';

/** LatchKit's own figures in simulated time, by id: for the report, and for a test that holds the targets. */
export async function latchkitFigures(seed: number): Promise<Map<string, Figure['values'][string]>> {
  const figures = new Map<string, Figure['values'][string]>();
  for (const scenario of simulatedScenarios) {
    for (const { id, values } of await scenario([latchkit], seed)) {
      const value = values[latchkit.name];
      if (value !== undefined) figures.set(id, value);
    }
  }
  return figures;
}
