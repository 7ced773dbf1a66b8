import { useId, useMemo } from 'react';
import { DEFAULT_LINK_POLICY } from './link-policy.ts';
import { MarkdownBlocks } from './MarkdownBlocks.ts';
import type { MarkdownContextValue, MarkdownProps } from './MarkdownContext.ts';
import { useMend } from './useMend.ts';

/** What reads a text. */
export function useMarkdownBlocks({ streaming = false, breaks = false }: MarkdownProps): MarkdownBlocks {
  const mend = useMend(streaming);
  return useMemo(() => new MarkdownBlocks({ breaks, mend }), [breaks, mend]);
}

/** What its blocks need to know. */
export function useMarkdownValue({ policy, words, strings }: MarkdownProps): MarkdownContextValue {
  const id = useId();
  return useMemo(
    () => ({ id, policy: { ...DEFAULT_LINK_POLICY, ...policy }, words, strings }),
    [id, policy, words, strings],
  );
}
