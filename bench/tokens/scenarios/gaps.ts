import type { Contestant, Tab } from '../Contestant.ts';
import type { Figure } from '../Figure.ts';
import { ROUND_TRIP_MS } from '../TokenEndpoint.ts';
import { openTabs } from '../traffic.ts';
import { HOUR, MINUTE, SECOND, simulate } from '../World.ts';
import type { World } from '../World.ts';

const SAMPLE_MS = 100;
const OBSERVED = 10 * MINUTE;
const SLEEP = 8 * HOUR;
const PATIENCE = 5 * MINUTE;

/** How long tabs have no token that the server would accept: in the steady state, and after a night with the lid closed. */
export async function gaps(contestants: Contestant[], seed: number): Promise<Figure[]> {
  const steady: Figure['values'] = {};
  const afterSleep: Figure['values'] = {};
  for (const contestant of contestants) {
    await simulate({ seed }, async (world) => {
      const tabs = openTabs(world, contestant);
      await world.advance(2 * MINUTE);
      steady[contestant.name] = await worstGap(world, tabs);
      world.sleep(SLEEP);
      afterSleep[contestant.name] = await untilUsable(world, tabs);
      for (const tab of tabs) tab.close();
    });
  }
  return [
    {
      id: 'gap.steady',
      what: `Gap without a usable token in 10 min of steady state, the worst tab, ms (looked at every ${SAMPLE_MS} ms)`,
      max: 0,
      values: steady,
    },
    {
      id: 'gap.sleep',
      what: `From waking after 8 h of sleep to a usable token in every tab, ms (round trip ${ROUND_TRIP_MS} ms)`,
      max: ROUND_TRIP_MS,
      values: afterSleep,
    },
  ];
}

function isUsable(world: World, tab: Tab): boolean {
  const token = tab.current();
  return token !== null && world.endpoint.accepts(token);
}

async function worstGap(world: World, tabs: Tab[]): Promise<number> {
  const gapOf = new Map<Tab, number>();
  for (let t = 0; t < OBSERVED; t += SAMPLE_MS) {
    await world.advance(SAMPLE_MS);
    for (const tab of tabs) if (!isUsable(world, tab)) gapOf.set(tab, (gapOf.get(tab) ?? 0) + SAMPLE_MS);
  }
  return Math.max(0, ...gapOf.values());
}

/** The page is shown again and every tab has a request to send. */
async function untilUsable(world: World, tabs: Tab[]): Promise<number | string> {
  for (const tab of tabs) {
    tab.wake();
    void tab.forRequest();
  }
  for (let ms = 0; ms < PATIENCE; ms += 1) {
    if (tabs.every((tab) => isUsable(world, tab))) return ms;
    await world.advance(1);
  }
  return `> ${PATIENCE / SECOND} s`;
}
