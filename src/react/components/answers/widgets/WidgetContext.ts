import { createContext, useContext } from 'react';
import type { LinkPolicy } from '../../../markdown/link-policy.ts';
import type { WidgetAction } from './widget-node.ts';

export interface WidgetContextValue {
  /** Begins the names that tie radio buttons and labels to each other. */
  id: string;
  policy: LinkPolicy;
  /** Nothing can be done now: it is read only, or something was done a moment ago. */
  isOff: boolean;
  act: (action: WidgetAction) => void;
}

const WidgetContext = /* @__PURE__ */ createContext<WidgetContextValue | null>(null);

export const WidgetProvider = WidgetContext.Provider;

export function useWidget(): WidgetContextValue {
  const value = useContext(WidgetContext);
  if (!value) throw new Error('A component of a widget stands outside of <ChatKitWidget>.');
  return value;
}
