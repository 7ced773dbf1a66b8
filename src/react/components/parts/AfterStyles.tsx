import { useContext, type ReactNode } from 'react';
import { LaterStyles } from '../../hooks/useLaterStyles.ts';
import { useIsLoaded } from './lazy-part.tsx';

const THERE = { get: () => true, fetch: () => Promise.resolve() };

/** What only the later styles show, within a part that is shown with the first: there once they are, and at once where all are. */
export function AfterStyles({ onLoadError, children }: { onLoadError?: () => void; children: ReactNode }): ReactNode {
  return useIsLoaded(useContext(LaterStyles) ?? THERE, onLoadError) && children;
}
