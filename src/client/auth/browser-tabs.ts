import type { FetchToken, TabsPort } from './types.ts';

const ADDRESSES = new WeakMap<FetchToken, string>();

/** Notes what a fetcher asks: only tabs that ask the same endpoint for the same person may share its tokens. */
export function setEndpoint(fetchToken: FetchToken, address: string): void {
  ADDRESSES.set(fetchToken, address);
}

/** The default for tabs: shared where the browser can and where it is known whose tokens come from where; else each tab for itself. */
export function defaultTabs(fetchToken: FetchToken, userId: string | undefined): TabsPort | false {
  const address = ADDRESSES.get(fetchToken);
  if (address === undefined || userId === undefined || typeof document === 'undefined') return false;
  return browserTabs(`${new URL(address, document.baseURI).href} ${userId}`);
}

/**
 * The browser's own BroadcastChannel. Pass it as `tabs` to share the tokens of your own `fetchToken` between tabs.
 *
 * An open channel keeps a page out of the back/forward cache in some browsers, so it is closed while the page is put away. Without
 * BroadcastChannel (old browsers, React Native, servers) or where it is forbidden, each tab is by itself.
 * @param name whose tokens, from where: the same in all tabs that may share them, different for each person and endpoint
 */
export function browserTabs(name: string): TabsPort | false {
  if (typeof window === 'undefined' || typeof BroadcastChannel === 'undefined') return false;
  return {
    open(listener) {
      const end = new AbortController();
      const { signal } = end;
      let channel: BroadcastChannel | null = null;
      const close = () => {
        channel?.close();
        channel = null;
      };
      const open = () => {
        // Also told when a page is shown for the first time: what is open then may be about to hear something.
        if (channel) return;
        try {
          channel = new BroadcastChannel(`latchkit:1:${name}`);
          channel.onmessage = (event) => listener(event.data);
        } catch {
          // A sandbox may forbid it.
        }
      };
      open();
      window.addEventListener('pagehide', close, { signal });
      window.addEventListener('pageshow', open, { signal });
      return {
        post: (message) => channel?.postMessage(message),
        close() {
          end.abort();
          close();
        },
      };
    },
  };
}
