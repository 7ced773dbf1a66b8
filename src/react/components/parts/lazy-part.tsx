import { useEffect, useState, type ComponentType, type ReactNode } from 'react';
import { useIsHydrating } from '../../hooks/useIsHydrating.ts';

export interface LazyPart<Props extends object> {
  /** Renders the part once it is there, and nothing before. `onLoadError` is told that it could not be loaded. */
  Part: (props: Props & { onLoadError?: () => void }) => ReactNode;
  /** Fetches it before it is needed. Safe to call often. */
  preload: () => void;
}

/**
 * A part that is loaded when it is needed. Unlike React.lazy, it suspends nothing that is shown already, and a load that failed (the
 * network was gone) takes nothing down: the next one tries again.
 */
export function lazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>): LazyPart<Props> {
  let loaded: ComponentType<Props> | null = null;
  let loading: Promise<void> | null = null;

  function fetchPart(): Promise<void> {
    loading ??= load().then(
      (Component) => {
        loaded = Component;
      },
      (error: unknown) => {
        loading = null;
        throw error;
      },
    );
    return loading;
  }

  function Part({ onLoadError, ...props }: Props & { onLoadError?: () => void }): ReactNode {
    const [, setArrived] = useState(loaded !== null);
    // It may be there already, but it is in no server's markup.
    const isHydrating = useIsHydrating();
    useEffect(() => {
      if (loaded) return undefined;
      let mounted = true;
      fetchPart().then(
        () => mounted && setArrived(true),
        () => mounted && onLoadError?.(),
      );
      return () => {
        mounted = false;
      };
    }, [onLoadError]);
    const Loaded = loaded as ComponentType<object> | null;
    return Loaded && !isHydrating && <Loaded {...props} />;
  }

  return { Part, preload: () => void fetchPart().catch(() => {}) };
}
