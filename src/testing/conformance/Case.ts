import type { BackendProbe } from './BackendProbe.ts';
import type { ConformanceChapter } from './types.ts';

export interface Case {
  chapter: ConformanceChapter;
  name: string;
  /** Brings its own probe where it needs one with other tokens. */
  run: (probe: BackendProbe, again: (fetchToken: BackendProbe['stage']['fetchToken']) => BackendProbe) => Promise<void>;
}
