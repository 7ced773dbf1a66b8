import { createTokenManager } from '../../../src/client/index.ts';
import type { PageSignal, TabsPort, TokenManager } from '../../../src/client/index.ts';
import { FakeTabs } from '../../../src/testing/index.ts';
import type { Contestant, Tab } from '../Contestant.ts';
import { BETWEEN_TABS_MS, USER } from '../TokenEndpoint.ts';
import type { World } from '../World.ts';

/** The kit as an app has it: the platform's own clock (which the simulation fakes), one manager per tab. */
export const latchkit: Contestant = {
  name: 'LatchKit',
  packages: ['latchkit'],
  openBrowser(world) {
    // A BroadcastChannel of Node's delivers by the real clock; this one by the simulated one.
    const tabs = new FakeTabs({ clock: { setTimer }, deliver: () => [BETWEEN_TABS_MS] });
    return { openTab: () => openTab(world, tabs.tab()) };
  },
};

/** The one place where managers are made: what tabs of one browser share is given here. */
export function createTabManager(
  world: World,
  tabs: TabsPort | false,
  onWake?: (wake: () => void) => void,
): TokenManager {
  return createTokenManager({
    userId: USER,
    tabs,
    fetchToken: () => world.endpoint.fetch(),
    signals: {
      online: () => true,
      visible: () => true,
      subscribe(listener: (signal: PageSignal) => void) {
        onWake?.(() => listener('wake'));
        return () => onWake?.(() => {});
      },
    },
  });
}

function setTimer(fn: () => void, ms: number): () => void {
  const id = setTimeout(fn, ms);
  return () => clearTimeout(id);
}

function openTab(world: World, tabs: TabsPort): Tab {
  let wake = () => {};
  const manager = createTabManager(world, tabs, (fn) => (wake = fn));
  const leave: (() => void)[] = [];
  const ask = () =>
    manager.get().then(
      (token) => token.raw(),
      () => null,
    );
  return {
    mount() {
      leave.push(manager.subscribe(() => {}));
      void ask();
    },
    current: () => manager.current?.raw() ?? null,
    forRequest: ask,
    wake: () => wake(),
    close() {
      for (const stop of leave) stop();
      manager.dispose();
    },
  };
}
