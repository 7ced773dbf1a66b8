import type { MarkedToken, Token, Tokens } from 'marked';
import { Fragment, memo, type ReactNode } from 'react';
import { CodeBlock } from './CodeBlock.tsx';
import type { ExtraToken } from '../../protocol/markdown/index.ts';
import { FootnoteText } from './Footnotes.tsx';
import { inline } from './inline.tsx';
import type { Block } from './MarkdownBlocks.ts';
import { useMarkdownContext, type MarkdownContextValue } from './MarkdownContext.ts';
import { Maths } from './Maths.tsx';

/** One block. Its object is the same while it says the same, so a finished one is rendered once. */
export const BlockView = /* @__PURE__ */ memo(function BlockView({ block }: { block: Block }): ReactNode {
  return blockOf(block.token as MarkedToken | ExtraToken, useMarkdownContext(), 0);
});

function blocksOf(tokens: readonly Token[], context: MarkdownContextValue): ReactNode {
  return tokens.map((token, index) => blockOf(token as MarkedToken | ExtraToken, context, index));
}

function blockOf(token: MarkedToken | ExtraToken, context: MarkdownContextValue, key: number): ReactNode {
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
      return <CodeBlock key={key} text={token.text} info={token.lang ?? ''} open={'open' in token} />;
    case 'list':
      return <List key={key} list={token} />;
    case 'blockquote':
      return (
        <blockquote key={key} className="lk-quote">
          {blocksOf(token.tokens, context)}
        </blockquote>
      );
    case 'table':
      return <Table key={key} table={token} />;
    case 'hr':
      return <hr key={key} className="lk-rule" />;
    case 'mathsBlock':
      return <Maths key={key} text={token.text} display />;
    case 'footnoteText':
      return (
        <FootnoteText key={key} token={token}>
          {inline(token.tokens, context)}
        </FootnoteText>
      );
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

function List({ list }: { list: Tokens.List }): ReactNode {
  const items = list.items.map((item, index) => <Item key={index} item={item} />);
  if (!list.ordered) return <ul className="lk-items">{items}</ul>;
  return (
    <ol className="lk-items" start={list.start === '' || list.start === 1 ? undefined : list.start}>
      {items}
    </ol>
  );
}

/** An item whose tokens are the same as before is not rendered again: only the last one of a growing list is. */
const Item = /* @__PURE__ */ memo(
  function Item({ item }: { item: Tokens.ListItem }): ReactNode {
    const context = useMarkdownContext();
    return <li className={item.task ? 'lk-item-task' : undefined}>{blocksOf(item.tokens, context)}</li>;
  },
  (before, after) => before.item.raw === after.item.raw && before.item.loose === after.item.loose,
);

function Table({ table }: { table: Tokens.Table }): ReactNode {
  const context = useMarkdownContext();
  return (
    // It may be wider than a message: it scrolls by itself, also by keyboard.
    <div className="lk-table" tabIndex={0} role="group" aria-label={context.strings.tableLabel}>
      <table>
        <thead>
          <tr>
            {table.header.map((cell, index) => (
              <th key={index} scope="col" style={alignment(cell)}>
                {inline(cell.tokens, context)}
              </th>
            ))}
          </tr>
        </thead>
        {table.rows.length > 0 && (
          <tbody>
            {table.rows.map((row, index) => (
              <Row key={index} row={row} />
            ))}
          </tbody>
        )}
      </table>
    </div>
  );
}

const Row = /* @__PURE__ */ memo(
  function Row({ row }: { row: Tokens.TableCell[] }): ReactNode {
    const context = useMarkdownContext();
    return (
      <tr>
        {row.map((cell, index) => (
          <td key={index} style={alignment(cell)}>
            {inline(cell.tokens, context)}
          </td>
        ))}
      </tr>
    );
  },
  (before, after) =>
    before.row.length === after.row.length && before.row.every((cell, index) => sameCell(cell, after.row[index])),
);

function sameCell(a: Tokens.TableCell, b: Tokens.TableCell | undefined): boolean {
  return a.text === b?.text && a.align === b.align;
}

function alignment({ align }: Tokens.TableCell): { textAlign: 'start' | 'center' | 'end' } | undefined {
  return align === null ? undefined : { textAlign: align === 'left' ? 'start' : align === 'right' ? 'end' : 'center' };
}
