import type { MarkedToken, Token, Tokens } from 'marked';
import { Fragment, memo, type ReactNode } from 'react';
import { codeBlock } from './CodeBlock.tsx';
import type { ExtraToken } from '../../protocol/markdown/index.ts';
import { footnoteText } from './Footnotes.tsx';
import { inline } from './inline.tsx';
import type { Block } from './MarkdownBlocks.ts';
import { useMarkdownContext, type MarkdownContextValue } from './MarkdownContext.ts';
import { Maths } from './Maths.tsx';

/** Of the element that a group of blocks stands in. */
export const BLOCKS_CLASS = 'lk-blocks';

/** One block. Its object is the same while it says the same, so a finished one is rendered once. */
export const BlockView = /* @__PURE__ */ memo(function BlockView({ block }: { block: Block }): ReactNode {
  return blockOf(block.token, useMarkdownContext());
});

function blocksOf(tokens: readonly Token[], context: MarkdownContextValue): ReactNode {
  return tokens.map((token, index) => blockOf(token, context, index));
}

/** What shows a block, at its root an element of the page; null for one of which nothing is seen. */
export function blockOf(given: Token, context: MarkdownContextValue, key = 0): ReactNode {
  const token = given as MarkedToken | ExtraToken;
  switch (token.type) {
    case 'paragraph':
      return <p key={key}>{inline(token.tokens, context)}</p>;
    case 'heading':
      // A message is no chapter of the page that it stands in: its headings come below the page’s own.
      return (
        <div
          key={key}
          className="lk-heading"
          role="heading"
          aria-level={Math.min(6, token.depth + 2)}
          data-level={token.depth}
        >
          {inline(token.tokens, context)}
        </div>
      );
    case 'code':
      return codeBlock(token, context, key);
    case 'list':
      return list(token, context, key);
    case 'blockquote':
      return (
        <blockquote key={key} className="lk-quote">
          {blocksOf(token.tokens, context)}
        </blockquote>
      );
    case 'table':
      return table(token, context, key);
    case 'hr':
      return <hr key={key} className="lk-rule" />;
    case 'mathsBlock':
      return (
        // It may be wider than a message: it scrolls by itself, also by keyboard.
        <div
          key={key}
          className="lk-maths"
          data-display="true"
          tabIndex={0}
          role="group"
          aria-label={context.strings.mathsLabel}
        >
          <Maths text={token.text} display />
        </div>
      );
    case 'footnoteText':
      return footnoteText(token, inline(token.tokens, context), context, key);
    case 'text':
      return <Fragment key={key}>{inline(token.tokens ?? [token], context)}</Fragment>;
    case 'checkbox':
      return <Fragment key={key}>{inline([token], context)}</Fragment>;
    case 'space':
    case 'def':
      return null;
    default:
      return <p key={key}>{token.raw}</p>;
  }
}

// No components here: what has none can be drawn without React.
function list({ ordered, start, items }: Tokens.List, context: MarkdownContextValue, key: number): ReactNode {
  const inner = items.map((item, index) => (
    <li key={index} className={item.task ? 'lk-item-task' : undefined}>
      {blocksOf(item.tokens, context)}
    </li>
  ));
  return ordered ? (
    <ol key={key} className="lk-items" start={start === '' || start === 1 ? undefined : start}>
      {inner}
    </ol>
  ) : (
    <ul key={key} className="lk-items">
      {inner}
    </ul>
  );
}

function table({ header, rows }: Tokens.Table, context: MarkdownContextValue, key: number): ReactNode {
  return (
    // It may be wider than a message: it scrolls by itself, also by keyboard.
    <div key={key} className="lk-table" tabIndex={0} role="group" aria-label={context.strings.tableLabel}>
      <table>
        <thead>
          <tr>
            {header.map((cell, index) => (
              <th key={index} scope="col" style={alignment(cell)}>
                {inline(cell.tokens, context)}
              </th>
            ))}
          </tr>
        </thead>
        {rows.length > 0 && (
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) => (
                  <td key={column} style={alignment(cell)}>
                    {inline(cell.tokens, context)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        )}
      </table>
    </div>
  );
}

function alignment({ align }: Tokens.TableCell): { textAlign: 'start' | 'center' | 'end' } | undefined {
  return align === null ? undefined : { textAlign: align === 'left' ? 'start' : align === 'right' ? 'end' : 'center' };
}
