import type { Contestant } from '../Contestant.ts';
import type { Figure } from '../Figure.ts';
import { openTabs, sendRequests } from '../traffic.ts';
import { MINUTE, SECOND, simulate } from '../World.ts';

/** The endpoint answers 503 for ten minutes to one tab with 50 components and a request per second. */
export async function outage(contestants: Contestant[], seed: number): Promise<Figure[]> {
  const attempts: Figure['values'] = {};
  const recovery: Figure['values'] = {};
  for (const contestant of contestants) {
    await simulate({ seed }, async (world) => {
      const [tab] = openTabs(world, contestant, 1);
      if (!tab) return;
      await world.advance(MINUTE);
      const traffic = sendRequests(world, [tab]);
      await world.advance(MINUTE);
      const before = world.endpoint.attempts.length;
      world.endpoint.down = true;
      await world.advance(10 * MINUTE);
      attempts[contestant.name] = world.endpoint.attempts.length - before;
      world.endpoint.down = false;
      const back = world.serverNow();
      const minted = world.endpoint.mints.length;
      await world.advance(5 * MINUTE);
      const first = world.endpoint.mints[minted];
      recovery[contestant.name] = first === undefined ? 'not within 5 min' : Math.round((first - back) / SECOND);
      traffic.stop();
      tab.close();
    });
  }
  return [
    {
      id: 'outage.attempts',
      what: 'Attempts per tab in a 10-minute outage (503) of the endpoint',
      max: 30,
      values: attempts,
    },
    { id: 'outage.recovery', what: 'From its end to the next mint, s', values: recovery },
  ];
}
