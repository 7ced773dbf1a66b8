/**
 * - `wake`: the page was shown, focused, restored or resumed: timers may have slept
 * - `online`, `offline`: the device says that its network came or went; a hint, not a fact
 */
export type PageSignal = 'wake' | 'online' | 'offline';

/** What a page's life tells: a port, so that clients also run where there is no page. */
export interface PageSignals {
  /** False when the device believes that it has no network. It may be wrong. */
  online(): boolean;
  /** False while the page is hidden. */
  visible(): boolean;
  subscribe(listener: (signal: PageSignal) => void): () => void;
}

/** The browser's own signals; always online and visible, and silent, where there is no page. Listens only while subscribed. */
export const browserSignals: PageSignals = {
  online: () => typeof navigator === 'undefined' || navigator.onLine !== false,
  visible: () => typeof document === 'undefined' || document.visibilityState !== 'hidden',
  subscribe(listener) {
    if (typeof window === 'undefined' || typeof document === 'undefined') return () => {};
    const end = new AbortController();
    const on = (target: EventTarget, name: string, handler: (event: Event) => void) =>
      target.addEventListener(name, handler, { signal: end.signal });
    on(document, 'visibilitychange', () => {
      if (document.visibilityState === 'visible') listener('wake');
    });
    on(document, 'resume', () => listener('wake'));
    on(window, 'focus', () => listener('wake'));
    on(window, 'pageshow', (event) => {
      if ((event as PageTransitionEvent).persisted) listener('wake');
    });
    on(window, 'online', () => listener('online'));
    on(window, 'offline', () => listener('offline'));
    // With a reason of its own: else the browser makes an error, with the way to here, that nobody sees.
    return () => end.abort(null);
  },
};
