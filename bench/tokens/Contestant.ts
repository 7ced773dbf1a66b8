import type { World } from './World.ts';

/** One tab of an app that uses the contestant. */
export interface Tab {
  /** One more component that needs the token. */
  mount(): void;
  /** What a request sent in this very moment would carry; null for none. */
  current(): string | null;
  /** What an app does before a request, waiting where the contestant makes it wait; null when there is no token to be had. */
  forRequest(): Promise<string | null>;
  /** The page is shown again. */
  wake(): void;
  close(): void;
}

/** A browser: what its tabs share (storage, channels) is shared between the tabs of one, and with no other. */
export interface Browser {
  openTab(): Tab;
}

/** A way of keeping a token fresh that can run in simulated time. */
export interface Contestant {
  name: string;
  /** Whose versions belong in the report. */
  packages: string[];
  openBrowser(world: World): Browser;
}
