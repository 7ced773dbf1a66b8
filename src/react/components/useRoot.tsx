import { createContext, useContext, type ReactNode } from 'react';
import { useChatContext } from '../ChatContext.ts';

const InsideRoot = createContext(false);

export interface RootProps {
  className: string;
  'data-lk-theme'?: 'light' | 'dark' | 'system';
}

/** Class names in one string, without the absent ones. */
export function classes(...names: (string | false | undefined)[]): string {
  return names.filter(Boolean).join(' ');
}

/**
 * Props for a part's outermost element. A part that is not inside another one carries the design tokens itself (`lk-root`), so
 * that every part looks right wherever it stands; inside, it inherits them, and what the app set on them.
 */
export function useRoot(part: string, ...names: (string | false | undefined)[]): RootProps {
  const { theme } = useChatContext('useRoot()');
  const inside = useContext(InsideRoot);
  if (inside) return { className: classes(part, ...names) };
  return { className: classes('lk-root', part, ...names), 'data-lk-theme': theme };
}

/** Tells the parts within that the design tokens are already there. */
export function Root({ children }: { children: ReactNode }): ReactNode {
  return <InsideRoot.Provider value={true}>{children}</InsideRoot.Provider>;
}
