import type { Contestant, Tab } from '../Contestant.ts';
import type { Figure } from '../Figure.ts';
import { BETWEEN_TABS_MS, ROUND_TRIP_MS } from '../TokenEndpoint.ts';
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
  const first: Figure['values'] = {};
  const every: Figure['values'] = {};
  const mints: Figure['values'] = {};
  for (const contestant of contestants) {
    await simulate({ seed }, async (world) => {
      const tabs = openTabs(world, contestant);
      await world.advance(2 * MINUTE);
      steady[contestant.name] = await worstGap(world, tabs);
      world.sleep(SLEEP);
      const before = world.endpoint.mints.length;
      const woken = await untilUsable(world, tabs);
      first[contestant.name] = woken.first;
      every[contestant.name] = woken.every;
      await world.advance(SECOND);
      mints[contestant.name] = world.endpoint.mints.length - before;
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
      id: 'gap.sleep.first',
      what: `From waking after 8 h of sleep to a usable token in the first tab, ms (round trip ${ROUND_TRIP_MS} ms)`,
      max: ROUND_TRIP_MS,
      values: first,
    },
    {
      id: 'gap.sleep',
      what: `… and in every one of 5 tabs, ms (round trip ${ROUND_TRIP_MS} ms and a message between tabs ${BETWEEN_TABS_MS} ms)`,
      max: ROUND_TRIP_MS + BETWEEN_TABS_MS,
      values: every,
    },
    { id: 'gap.sleep.mints', what: 'Mints for it', max: 1, values: mints },
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

interface Waking {
  /** Ms until one tab, and until all tabs, had a usable token. */
  first: number | string;
  every: number | string;
}

/** The pages are shown again and every tab has a request to send. */
async function untilUsable(world: World, tabs: Tab[]): Promise<Waking> {
  const never = `> ${PATIENCE / SECOND} s`;
  const waking: Waking = { first: never, every: never };
  for (const tab of tabs) {
    tab.wake();
    void tab.forRequest();
  }
  for (let ms = 0; ms < PATIENCE; ms += 1) {
    const usable = tabs.filter((tab) => isUsable(world, tab)).length;
    if (usable > 0 && waking.first === never) waking.first = ms;
    if (usable === tabs.length) return { ...waking, every: ms };
    await world.advance(1);
  }
  return waking;
}
