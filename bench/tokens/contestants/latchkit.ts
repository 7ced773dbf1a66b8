import { createTokenManager } from '../../../src/client/index.ts';
import type { PageSignal, TokenManager } from '../../../src/client/index.ts';
import type { Contestant, Tab } from '../Contestant.ts';
import { USER } from '../TokenEndpoint.ts';
import type { World } from '../World.ts';

/** Whether the tabs of one browser share their tokens. Without it, each tab mints for itself. */
export const SHARES_TABS = false;

/** The kit as an app has it: the platform's own clock (which the simulation fakes), one manager per tab. */
export const latchkit: Contestant = {
  name: 'LatchKit',
  packages: ['latchkit'],
  openBrowser: (world) => ({ openTab: () => openTab(world) }),
};

/** The one place where managers are made: what tabs of one browser share is given here. */
export function createTabManager(world: World, onWake?: (wake: () => void) => void): TokenManager {
  return createTokenManager({
    userId: USER,
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

function openTab(world: World): Tab {
  let wake = () => {};
  const manager = createTabManager(world, (fn) => (wake = fn));
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
