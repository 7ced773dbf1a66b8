import { memo, useId, useMemo, type ReactNode } from 'react';
import { useIsomorphicLayoutEffect } from '../hooks/useIsomorphicLayoutEffect.ts';
import { BlockView } from './BlockView.tsx';
import { DEFAULT_LINK_POLICY, type LinkPolicy } from './link-policy.ts';
import { MarkdownBlocks, type Block } from './MarkdownBlocks.ts';
import { MarkdownProvider, type MarkdownContextValue } from './MarkdownContext.ts';
import type { TailWriter } from './TailWriter.ts';
import { useMend } from './useMend.ts';

export interface MarkdownProps {
  text: string;
  /** More of the text is on its way: half-written syntax is shown as it will look. Default false. */
  streaming?: boolean;
  /** Whether a line break within a paragraph is one, as people expect who write in a chat. Default false: it is a space, as CommonMark says. */
  breaks?: boolean;
  /** Where links and pictures may lead. Default: {@link DEFAULT_LINK_POLICY}, for what it leaves out. */
  policy?: Partial<LinkPolicy> | undefined;
  /** Renders what is neither code nor an address: where people are mentioned. Default: as it is. */
  words?: MarkdownContextValue['words'];
  strings: MarkdownContextValue['strings'];
  /** What may write further words of a growing text without a render. */
  tail?: TailWriter | undefined;
}

/** Markdown as elements: CommonMark and GFM with footnotes and formulas in TeX, without raw HTML, which is text. */
export function Markdown({
  text,
  streaming = false,
  breaks = false,
  policy,
  words,
  strings,
  tail,
}: MarkdownProps): ReactNode {
  const mend = useMend(streaming);
  const blocks = useMemo(() => new MarkdownBlocks({ breaks, mend }), [breaks, mend]);
  const groups = blocks.update(text, streaming);
  useIsomorphicLayoutEffect(() => tail?.onRendered(blocks, text));
  const id = useId();
  const context = useMemo(
    () => ({ id, policy: { ...DEFAULT_LINK_POLICY, ...policy }, words, strings }),
    [id, policy, words, strings],
  );
  return (
    <MarkdownProvider value={context}>
      {groups.map((group, index) => (
        <Group key={index} blocks={group} />
      ))}
    </MarkdownProvider>
  );
}

const Group = /* @__PURE__ */ memo(function Group({ blocks }: { blocks: readonly Block[] }): ReactNode {
  return blocks.map((block) => <BlockView key={block.at} block={block} />);
});
