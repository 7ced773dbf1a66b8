import { memo, type ReactNode } from 'react';
import { BLOCKS_CLASS, BlockView } from './BlockView.tsx';
import type { Block } from './MarkdownBlocks.ts';
import { MarkdownProvider, type MarkdownProps } from './MarkdownContext.ts';
import { useMarkdownBlocks, useMarkdownValue } from './useMarkdownBlocks.ts';

/** Markdown as elements: CommonMark and GFM with footnotes and formulas in TeX, without raw HTML, which is text. */
export function Markdown(props: MarkdownProps): ReactNode {
  const { text, streaming = false } = props;
  const groups = useMarkdownBlocks(props).update(text, streaming);
  return (
    <MarkdownProvider value={useMarkdownValue(props)}>
      {groups.map((group, index) => (
        <Group key={index} blocks={group} />
      ))}
    </MarkdownProvider>
  );
}

const Group = /* @__PURE__ */ memo(function Group({ blocks }: { blocks: readonly Block[] }): ReactNode {
  return (
    <div className={BLOCKS_CLASS}>
      {blocks.map((block) => (
        <BlockView key={block.at} block={block} />
      ))}
    </div>
  );
});
