import { useEffect, useState } from 'react';

/** Closes what is half-written at the end of a text. */
export type Mend = (source: string) => string;

let loading: Promise<Mend> | null = null;
let loaded: Mend | null = null;

/** Fetches what mends half-written Markdown before it is needed, e.g. while an answer is awaited. Safe to call often. */
export function preloadMend(): Promise<Mend> {
  loading ??= import('./mend.ts').then(
    ({ mend }) => (loaded = mend),
    (error: unknown) => {
      loading = null; // The next text that grows tries again.
      throw error;
    },
  );
  return loading;
}

/**
 * What mends half-written Markdown: loaded with the first text that grows, for it is a fifth of all that Markdown takes, and a text that
 * is whole needs none of it. Null until it is there; what is half-written then stands as it is.
 */
export function useMend(streaming: boolean): Mend | null {
  const [mend, setMend] = useState(() => (streaming ? loaded : null));
  useEffect(() => {
    if (!streaming || mend) return undefined;
    let mounted = true;
    preloadMend().then(
      (arrived) => mounted && setMend(() => arrived),
      () => {}, // Marks that nobody has closed are shown.
    );
    return () => {
      mounted = false;
    };
  }, [streaming, mend]);
  return mend;
}
