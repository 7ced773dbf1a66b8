import { createHttpTokenFetcher, createTokenManager } from '../../../src/client/index.ts';

/** What a test sees of one tab. */
export interface TokenTab {
  jti(): string | null;
  status(): string;
  /** When each token was taken, and how often none was usable after the first one. Wall-clock time. */
  log: { type: string; at: number }[];
  gaps: number;
  signOut(): void;
}

declare global {
  interface Window {
    tab: TokenTab;
  }
}

const log: TokenTab['log'] = [];
const manager = createTokenManager({
  fetchToken: createHttpTokenFetcher({ url: '/chat' }),
  userId: 'ada',
  onEvent: (event) => log.push({ type: event.type, at: Date.now() }),
});

window.tab = {
  jti: () => manager.current?.claims?.jti ?? null,
  status: () => manager.status,
  log,
  gaps: 0,
  signOut: () => manager.signOut(),
};
manager.subscribe(() => {});
void manager.get().then(() => {
  // A page at work looks again and again. Timers of a hidden one are late, but what it sees must be good.
  setInterval(() => {
    if (!manager.current) window.tab.gaps += 1;
  }, 50);
});
