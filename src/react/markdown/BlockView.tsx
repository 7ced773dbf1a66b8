import type { MarkedToken, Token, Tokens } from 'marked';
import { memo, type ReactNode } from 'react';
import { CodeBlock } from './CodeBlock.tsx';
import type { ExtraToken } from '../../protocol/markdown/index.ts';
import { FootnoteText } from './Footnotes.tsx';
import { Inline } from './Inline.tsx';
import type { Block } from './MarkdownBlocks.ts';
import { useMarkdownContext } from './MarkdownContext.ts';
import { Maths } from './Maths.tsx';

/** One block. Its object is the same while it says the same, so a finished one is rendered once. */
export const BlockView = /* @__PURE__ */ memo(function BlockView({ block }: { block: Block }): ReactNode {
  return <BlockToken token={block.token as MarkedToken | ExtraToken} />;
});

function Blocks({ tokens }: { tokens: readonly Token[] }): ReactNode {
  return tokens.map((token, index) => <BlockToken key={index} token={token as MarkedToken | ExtraToken} />);
}

function BlockToken({ token }: { token: MarkedToken | ExtraToken }): ReactNode {
  switch (token.type) {
    case 'paragraph':
      return (
        <p>
          <Inline tokens={token.tokens} />
        </p>
      );
    case 'heading':
      // A message is no chapter of the page that it stands in: its headings come below the page’s own.
      return (
        <div className="lk-heading" role="heading" aria-level={Math.min(6, token.depth + 2)} data-level={token.depth}>
          <Inline tokens={token.tokens} />
        </div>
      );
    case 'code':
      return <CodeBlock text={token.text} info={token.lang ?? ''} open={'open' in token} />;
    case 'list':
      return <List list={token} />;
    case 'blockquote':
      return (
        <blockquote className="lk-quote">
          <Blocks tokens={token.tokens} />
        </blockquote>
      );
    case 'table':
      return <Table table={token} />;
    case 'hr':
      return <hr className="lk-rule" />;
    case 'mathsBlock':
      return <Maths text={token.text} display />;
    case 'footnoteText':
      return (
        <FootnoteText token={token}>
          <Inline tokens={token.tokens} />
        </FootnoteText>
      );
    case 'text':
      return token.tokens ? <Inline tokens={token.tokens} /> : <Inline tokens={[token]} />;
    case 'checkbox':
      return <Inline tokens={[token]} />;
    case 'space':
    case 'def':
      return null;
    default:
      return <p>{token.raw}</p>;
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
    return (
      <li className={item.task ? 'lk-item-task' : undefined}>
        <Blocks tokens={item.tokens} />
      </li>
    );
  },
  (before, after) => before.item.raw === after.item.raw && before.item.loose === after.item.loose,
);

function Table({ table }: { table: Tokens.Table }): ReactNode {
  const { strings } = useMarkdownContext();
  return (
    // It may be wider than a message: it scrolls by itself, also by keyboard.
    <div className="lk-table" tabIndex={0} role="group" aria-label={strings.tableLabel}>
      <table>
        <thead>
          <tr>
            {table.header.map((cell, index) => (
              <th key={index} scope="col" style={alignment(cell)}>
                <Inline tokens={cell.tokens} />
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
    return (
      <tr>
        {row.map((cell, index) => (
          <td key={index} style={alignment(cell)}>
            <Inline tokens={cell.tokens} />
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
