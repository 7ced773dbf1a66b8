import type { Browser, Contestant, Tab } from './Contestant.ts';
import { ROUND_TRIP_MS } from './TokenEndpoint.ts';
import { SECOND } from './World.ts';
import type { World } from './World.ts';

const TABS = 5;
const COMPONENTS = 50;
/** A long page shows its components bit by bit. */
const MOUNT_SPREAD = 25 * SECOND;

/** Opens the tabs of a restored browser, within one second. */
export function openTabs(world: World, contestant: Contestant, count = TABS): Tab[] {
  const browser: Browser = contestant.openBrowser(world);
  return Array.from({ length: count }, (_, index) => {
    const tab = browser.openTab();
    const opensAt = (index * SECOND) / count;
    for (let i = 0; i < COMPONENTS; i++) setTimeout(() => tab.mount(), opensAt + (i * MOUNT_SPREAD) / COMPONENTS);
    return tab;
  });
}

export interface RequestCounts {
  /** All that were due. */
  requests: number;
  /** Arrived with a token that the server no longer accepts. */
  expired: number;
  /** Could not be sent: there was no token. */
  withoutToken: number;
}

/** One request per second and tab, each at the tab's own moment of the second. */
export function sendRequests(world: World, tabs: Tab[], everyMs = SECOND): RequestCounts & { stop(): void } {
  const counts = { requests: 0, expired: 0, withoutToken: 0 };
  const send = async (tab: Tab) => {
    counts.requests += 1;
    const token = await tab.forRequest();
    if (token === null) counts.withoutToken += 1;
    else setTimeout(() => (counts.expired += world.endpoint.accepts(token) ? 0 : 1), ROUND_TRIP_MS / 2);
  };
  const timers = tabs.map((tab) => {
    const begin = Math.random() * everyMs;
    return setTimeout(() => {
      timers.push(setInterval(() => void send(tab), everyMs));
    }, begin);
  });
  return Object.assign(counts, {
    stop() {
      for (const timer of timers) clearTimeout(timer);
    },
  });
}
