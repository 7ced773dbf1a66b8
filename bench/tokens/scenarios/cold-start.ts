import type { Contestant } from '../Contestant.ts';
import type { Figure } from '../Figure.ts';
import { openTabs } from '../traffic.ts';
import { SECOND, simulate } from '../World.ts';

/** A restored browser opens 5 tabs within a second: what the first ten seconds cost. */
export async function coldStart(contestants: Contestant[], seed: number): Promise<Figure[]> {
  const values: Figure['values'] = {};
  for (const contestant of contestants) {
    values[contestant.name] = await simulate({ seed }, async (world) => {
      const tabs = openTabs(world, contestant);
      await world.advance(10 * SECOND);
      for (const tab of tabs) tab.close();
      return world.endpoint.mints.length;
    });
  }
  return [{ id: 'coldStart.mints', what: 'Mints in the first 10 s of a cold start with 5 tabs', max: 2, values }];
}
