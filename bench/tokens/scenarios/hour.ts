import type { Contestant } from '../Contestant.ts';
import type { Figure } from '../Figure.ts';
import { openTabs, sendRequests } from '../traffic.ts';
import type { RequestCounts } from '../traffic.ts';
import { HOUR, MINUTE, SECOND, simulate } from '../World.ts';

const DAY = 24 * HOUR;
/** For a tab's first token to arrive: until then a request has nothing to carry. */
const WARM_UP = 5 * SECOND;
const CLOCKS: [id: string, label: string, offset: number][] = [
  ['right', 'right', 0],
  ['ahead10m', '10 min ahead', 10 * MINUTE],
  ['behind10m', '10 min behind', -10 * MINUTE],
  ['ahead1d', '1 day ahead', DAY],
  ['behind1d', '1 day behind', -DAY],
];

/** One hour with tokens of 60 s in a browser of 5 tabs with 50 components each, all in view. */
export async function hourWithoutRequests(contestants: Contestant[], seed: number): Promise<Figure[]> {
  const mints: Figure['values'] = {};
  for (const contestant of contestants) {
    mints[contestant.name] = await simulate({ seed }, async (world) => {
      const tabs = openTabs(world, contestant);
      await world.advance(HOUR);
      for (const tab of tabs) tab.close();
      return world.endpoint.mints.length;
    });
  }
  return [
    {
      id: 'hour.mints',
      what: 'Mints per browser in one hour: TTL 60 s, 5 tabs × 50 components, no requests',
      max: 86,
      values: mints,
      quoted: 'react-query 405 and 650, Clerk ≈ 84, Supabase ≥ 600',
    },
  ];
}

/** The same hour with one request per second and tab, under right and wrong client clocks. */
export async function hourWithRequests(contestants: Contestant[], seed: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [id, label, clientClockOffset] of CLOCKS) {
    const expired: Figure['values'] = {};
    const mints: Figure['values'] = {};
    for (const contestant of contestants) {
      const result = await simulate({ seed, clientClockOffset }, async (world) => {
        const tabs = openTabs(world, contestant);
        await world.advance(WARM_UP);
        const traffic = sendRequests(world, tabs);
        await world.advance(HOUR - WARM_UP);
        traffic.stop();
        for (const tab of tabs) tab.close();
        return { ...traffic, mints: world.endpoint.mints.length };
      });
      expired[contestant.name] = describe(result);
      mints[contestant.name] = result.mints;
    }
    figures.push(
      {
        id: `requests.expired.${id}`,
        what: `Requests with an expired token, by the server's clock, of 18,000 in one hour; client clock ${label}`,
        max: 0,
        values: expired,
      },
      {
        id: `requests.mints.${id}`,
        what: `Mints per browser meanwhile; client clock ${label}`,
        max: 86,
        values: mints,
      },
    );
  }
  return figures;
}

/** A request that never left for want of a token is no success either. */
function describe({ expired, withoutToken }: RequestCounts): number | string {
  return withoutToken === 0 ? expired : `${expired} (+ ${withoutToken} not sent: no token)`;
}
