import { Suspense, useEffect, useState, type ComponentType, type ReactNode } from 'react';
import { useIsHydrating } from '../../hooks/useIsHydrating.ts';

/** What could not be loaded is tried again after this, while something waits for it: the network comes back. */
const RETRY_MS = 5_000;

type PartProps<Props extends object> = Props & { onLoadError?: () => void };

export interface LazyPart<Props extends object> {
  /** Renders the part once it is there, and nothing before. `onLoadError` is told that it could not be loaded; without, it is tried again. */
  Part: (props: PartProps<Props>) => ReactNode;
  /** Fetches it, and says whether it is there. */
  useIsLoaded: (onLoadError?: () => void) => boolean;
  /** Fetches it before it is needed. Safe to call often. */
  preload: () => void;
}

/**
 * A part that is loaded when it is needed. Unlike React.lazy, it suspends nothing that is shown already, and a load that failed (the
 * network was gone) takes nothing down.
 */
export function lazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>): LazyPart<Props> {
  return partOf(loader(load), false);
}

/**
 * The same for what stands in a server's markup: a server waits for it, and a page keeps the markup until it is there. Only a server
 * that writes all of a page at once, at the very moment that it starts, leaves it to the page.
 */
export function lazyMarkup<Props extends object>(load: () => Promise<ComponentType<Props>>): LazyPart<Props> {
  const part = loader(load);
  if (typeof document === 'undefined') void part.fetch().catch(() => {});
  return partOf(part, true);
}

interface Loader<Props extends object> {
  get: () => ComponentType<Props> | null;
  fetch: () => Promise<void>;
}

function loader<Props extends object>(load: () => Promise<ComponentType<Props>>): Loader<Props> {
  let loaded: ComponentType<Props> | null = null;
  let loading: Promise<void> | null = null;
  return {
    get: () => loaded,
    fetch: () =>
      (loading ??= load().then(
        (Component) => {
          loaded = Component;
        },
        (error: unknown) => {
          loading = null;
          throw error;
        },
      )),
  };
}

function partOf<Props extends object>({ get, fetch }: Loader<Props>, inMarkup: boolean): LazyPart<Props> {
  function useIsLoaded(onLoadError?: () => void): boolean {
    const [, render] = useState(0);
    // It may be there already, but it is in no server's markup.
    const isHydrating = useIsHydrating();
    useEffect(() => {
      if (get()) return undefined;
      let timer: ReturnType<typeof setTimeout> | undefined;
      let mounted = true;
      const wait = () => {
        fetch().then(
          () => mounted && render(1),
          () => {
            if (!mounted) return;
            if (onLoadError) onLoadError();
            else timer = setTimeout(wait, RETRY_MS);
          },
        );
      };
      wait();
      return () => {
        mounted = false;
        clearTimeout(timer);
      };
    }, [onLoadError]);
    return get() !== null && (inMarkup || !isHydrating);
  }

  function Part({ onLoadError, ...props }: PartProps<Props>): ReactNode {
    const isLoaded = useIsLoaded(onLoadError);
    const Loaded = get() as ComponentType<object> | null;
    return isLoaded && Loaded && <Loaded {...props} />;
  }

  function Kept(props: PartProps<Props>): ReactNode {
    const isHydrating = useIsHydrating();
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- React waits for what is thrown
    if (isHydrating && !get()) throw fetch().catch(() => new Promise((resolve) => setTimeout(resolve, RETRY_MS)));
    return <Part {...props} />;
  }

  return {
    Part: inMarkup
      ? (props) => (
          <Suspense fallback={null}>
            <Kept {...props} />
          </Suspense>
        )
      : Part,
    useIsLoaded,
    preload: () => void fetch().catch(() => {}),
  };
}
