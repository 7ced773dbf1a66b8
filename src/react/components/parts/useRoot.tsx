import { createContext, useContext, type ReactNode } from 'react';
import { useChatContext, type ChatClassNames, type ChatDensity, type ChatTheme } from '../../ChatContext.ts';
import { classes } from './classes.ts';

const InsideRoot = /* @__PURE__ */ createContext(false);

export interface RootProps {
  className: string;
  'data-lk-theme'?: ChatTheme;
  'data-lk-density'?: ChatDensity;
}

/**
 * Props for a part's outermost element. A part that is not inside another one carries the design tokens itself (`lk-root`), so
 * that every part looks right wherever it stands; inside, it inherits them, and what the app set on them.
 */
export function useRoot(part: `lk-${keyof ChatClassNames}`, ...names: (string | false | undefined)[]): RootProps {
  const { theme, density, classNames } = useChatContext('useRoot()');
  const inside = useContext(InsideRoot);
  const className = classes(part, classNames[part.slice('lk-'.length) as keyof ChatClassNames], ...names);
  if (inside) return { className };
  return { className: `lk-root ${className}`, 'data-lk-theme': theme, 'data-lk-density': density };
}

/** Tells the parts within that the design tokens are already there. */
export function Root({ children }: { children: ReactNode }): ReactNode {
  return <InsideRoot.Provider value={true}>{children}</InsideRoot.Provider>;
}
