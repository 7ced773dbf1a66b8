/** What is loaded once for all who need it. */
export interface Loader<Loaded> {
  /** Null until it is there. */
  get: () => Loaded | null;
  /** Safe to call often. What could not be loaded is asked for anew by the next call. */
  fetch: () => Promise<void>;
}

export function loader<Loaded>(load: () => Promise<Loaded>): Loader<Loaded> {
  let loaded: Loaded | null = null;
  let loading: Promise<void> | null = null;
  return {
    get: () => loaded,
    fetch: () =>
      (loading ??= load().then(
        (found) => {
          loaded = found;
        },
        (error: unknown) => {
          loading = null;
          throw error;
        },
      )),
  };
}
