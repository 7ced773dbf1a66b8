import { environmentManager, focusManager, QueryClient, QueryObserver } from '@tanstack/react-query';
import type { Contestant, Tab } from '../Contestant.ts';
import { TTL_S } from '../TokenEndpoint.ts';
import type { World } from '../World.ts';

/** The recipe's choice: three quarters of the lifetime. */
const REFETCH_MS = TTL_S * 750;

// Without a window the library thinks that it runs on a server, and arms no timer.
environmentManager.setIsServer(() => false);

/** The usual hand-written hook: `useQuery` with a `refetchInterval`, and a `staleTime` as long. */
export const tanstackInterval: Contestant = {
  name: 'TanStack Query, refetchInterval',
  packages: ['@tanstack/react-query'],
  openBrowser: (world) => ({ openTab: () => openTab(world, REFETCH_MS) }),
};

/** The same hook without a thought for `staleTime`: each mount finds the token stale. */
export const tanstackDefault: Contestant = {
  name: 'TanStack Query, default staleTime',
  packages: ['@tanstack/react-query'],
  openBrowser: (world) => ({ openTab: () => openTab(world, 0) }),
};

function openTab(world: World, staleTime: number): Tab {
  const client = new QueryClient();
  client.mount();
  const options = {
    queryKey: ['chat-token'],
    queryFn: () => world.endpoint.fetch(),
    refetchInterval: REFETCH_MS,
    staleTime,
  };
  const leave: (() => void)[] = [];
  const current = () => client.getQueryData<{ token: string }>(options.queryKey)?.token ?? null;
  return {
    mount() {
      leave.push(new QueryObserver(client, options).subscribe(() => {}));
    },
    current,
    // A hook hands out its `data`: there is nothing to wait for.
    forRequest: () => Promise.resolve(current()),
    wake() {
      focusManager.setFocused(false);
      focusManager.setFocused(true);
    },
    close() {
      for (const stop of leave) stop();
      client.unmount();
      client.clear();
    },
  };
}
