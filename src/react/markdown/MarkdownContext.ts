import { createContext, useContext, type ReactNode } from 'react';
import type { ChatStrings } from '../strings.ts';
import type { LinkPolicy } from './link-policy.ts';

export interface MarkdownProps {
  text: string;
  /** More of the text is on its way: half-written syntax is shown as it will look. Default false. */
  streaming?: boolean;
  /** Whether a line break within a paragraph is one, as people expect who write in a chat. Default false: it is a space, as CommonMark says. */
  breaks?: boolean;
  /** Where links and pictures may lead. Default: `DEFAULT_LINK_POLICY`, for what it leaves out. */
  policy?: Partial<LinkPolicy> | undefined;
  /** Renders what is neither code nor an address: where people are mentioned. Default: as it is. */
  words?: MarkdownContextValue['words'];
  strings: MarkdownContextValue['strings'];
}

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
