import { createElement, Suspense, useCallback, useEffect, useState, type ComponentType, type ReactNode } from 'react';
import { useIsHydrating } from '../../hooks/useIsHydrating.ts';
import { useWithStyles } from '../../hooks/useLaterStyles.ts';
import { loader, type Loader } from '../../loader.ts';
import { loadWords } from '../../strings/load-words.ts';

/** What could not be loaded is tried again after this, while something waits for it: the network comes back. */
const RETRY_MS = 5_000;

/** With the words that go with it. */
export function partLoader<Loaded>(load: () => Promise<Loaded>): Loader<Loaded> {
  return loader(async () => (await Promise.all([load(), loadWords()]))[0]);
}

/** Fetches it, and renders again once it is there. What could not be loaded is tried again, and `onLoadError` told of it. */
export function useIsLoaded({ get, fetch }: Loader<unknown>, onLoadError?: () => void): boolean {
  const isLoaded = get() !== null;
  const [, render] = useState(0);
  useEffect(() => {
    if (isLoaded) return undefined;
    // Also where it came between this render and now: fetched already, it is told of all the same.
    let timer: ReturnType<typeof setTimeout> | undefined;
    let mounted = true;
    const wait = () => {
      fetch().then(
        () => mounted && render(1),
        () => {
          if (!mounted) return;
          timer = setTimeout(wait, RETRY_MS);
          onLoadError?.();
        },
      );
    };
    wait();
    return () => {
      mounted = false;
      clearTimeout(timer);
    };
  }, [isLoaded, fetch, onLoadError]);
  return isLoaded;
}

export interface LazyPart<Props extends object> {
  /** Renders the part once it is there, and nothing before. */
  Part: (props: Props & { onLoadError?: () => void }) => ReactNode;
  useIsLoaded: () => boolean;
  /** Fetches its code before it is needed. Safe to call often. */
  preload: () => void;
  /** The same with its styles, where they are loaded later. Stable. */
  usePreload: () => () => void;
}

const fetchAhead = ({ fetch }: Loader<unknown>): void => void fetch().catch(() => {});

const withoutStyles = <Loaded,>(part: Loader<Loaded>): Loader<Loaded> => part;

/**
 * A part that is loaded when it is needed. Unlike React.lazy, it suspends nothing that is shown already, and a load that failed (the
 * network was gone) takes nothing down.
 * @param styles which of the two style sheets it needs: `first` has the styles of few parts alone
 */
export function lazyPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  styles: 'first' | 'later' = 'later',
): LazyPart<Props> {
  const part = partLoader(load);
  const useStyled = styles === 'first' ? withoutStyles : useWithStyles;

  function usePart(onLoadError?: () => void): ComponentType<Props> | null {
    const isLoaded = useIsLoaded(useStyled(part), onLoadError);
    // It may be there already, but it is in no server's markup.
    const isHydrating = useIsHydrating();
    return isLoaded && !isHydrating ? part.get() : null;
  }

  return {
    Part({ onLoadError, ...props }) {
      const Loaded = usePart(onLoadError);
      return Loaded && createElement(Loaded as ComponentType<object>, props);
    },
    useIsLoaded: () => usePart() !== null,
    preload: () => fetchAhead(part),
    usePreload() {
      const styled = useStyled(part);
      return useCallback(() => fetchAhead(styled), [styled]);
    },
  };
}

/** Loads parts that a server's markup has: on a server they are fetched ahead. To be shown within `AfterLoading`. */
export function markupLoader<Loaded>(load: () => Promise<Loaded>): Loader<Loaded> {
  const parts = partLoader(load);
  if (typeof document === 'undefined') fetchAhead(parts);
  return parts;
}

/** One of the parts: nothing before they are there. */
export function markupPart<Loaded, Props extends object>(
  parts: Loader<Loaded>,
  pick: (loaded: Loaded) => ComponentType<Props>,
): (props: Props) => ReactNode {
  return function Part(props) {
    const styled = useWithStyles(parts);
    useIsLoaded(styled);
    const loaded = styled.get();
    return loaded && createElement(pick(loaded) as ComponentType<object>, props);
  };
}

export interface AfterLoadingProps {
  loader: Loader<unknown>;
  /** In the place of what waits. */
  fallback: ReactNode;
  /** Whether it is shown also where what it waits for cannot be loaded. */
  orWithout?: boolean;
  children: ReactNode;
}

/**
 * Shows what needs parts that are loaded once they are there. A server waits for them, and a page keeps its markup until it has them. Only
 * a server that renders at the very moment at which it starts, and waits for nothing, leaves it to the page; and one whose page loads the
 * styles for it later.
 */
export function AfterLoading({ loader: part, fallback, orWithout = false, children }: AfterLoadingProps): ReactNode {
  const parts = useWithStyles(part);
  const isHydrating = useIsHydrating();
  const [inMarkup] = useState(isHydrating && parts === part);
  const [failed, setFailed] = useState(false);
  const fail = useCallback(() => setFailed(true), []);
  const isLoaded = useIsLoaded(parts, orWithout ? fail : undefined);
  const boundary = (
    <Suspense fallback={fallback}>
      <Waiting loader={parts}>{children}</Waiting>
    </Suspense>
  );
  // The very element: React gives up a server's markup when what stands around it renders anew.
  const [first] = useState(boundary);
  if (inMarkup) return isLoaded ? boundary : first;
  return isLoaded || failed ? children : fallback;
}

function Waiting({ loader: { get, fetch }, children }: Pick<AfterLoadingProps, 'loader' | 'children'>): ReactNode {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- what is thrown is what React waits for
  if (get() === null) throw fetch().catch(() => new Promise((resolve) => setTimeout(resolve, RETRY_MS)));
  return children;
}
