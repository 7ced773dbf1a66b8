import { createContext, useContext, type ReactNode } from 'react';
import type { ChatStrings } from '../strings.ts';
import type { LinkPolicy } from './link-policy.ts';

/** What the blocks of a text need to know. The same object while nothing of it changes. */
export interface MarkdownContextValue {
  /** Begins the ids of what is linked within the text. */
  id: string;
  policy: LinkPolicy;
  words?: ((text: string) => ReactNode) | undefined;
  strings: Pick<
    ChatStrings,
    'copyCode' | 'codeCopied' | 'codeLabel' | 'tableLabel' | 'mathsLabel' | 'footnote' | 'footnoteBack'
  >;
}

const MarkdownContext = /* @__PURE__ */ createContext<MarkdownContextValue | null>(null);

export const MarkdownProvider = MarkdownContext.Provider;

export function useMarkdownContext(): MarkdownContextValue {
  const value = useContext(MarkdownContext);
  if (!value) throw new Error('A block of Markdown stands outside of <Markdown>.');
  return value;
}
