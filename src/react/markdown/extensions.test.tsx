import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, it, test, vi } from 'vitest';
import { ENGLISH } from '../strings.ts';
import { lex, type MathsToken } from '../../protocol/markdown/index.ts';
import { Markdown } from './Markdown.tsx';
import type { MarkdownProps } from './MarkdownContext.ts';
import { renderMaths } from './maths.ts';
import { preloadMend } from './useMend.ts';

beforeAll(async () => void (await preloadMend()));
afterEach(cleanup);

const show = (text: string, props: Partial<MarkdownProps> = {}) =>
  render(<Markdown text={text} strings={ENGLISH} {...props} />).container;
/** The source of each formula in a text, in order. */
function formulas(text: string): string[] {
  const found: string[] = [];
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('type' in value && (value.type === 'maths' || value.type === 'mathsBlock'))
      found.push((value as MathsToken).text);
    else Object.values(value).forEach(look);
  };
  look([...lex(text, { breaks: false, links: {} })]);
  return found;
}

describe('formulas', () => {
  it.each([
    ['$$a^2$$', ['a^2']],
    ['so:\n$$\na^2\n+ b\n$$\nand on', ['a^2\n+ b']],
    ['\\[ \\int f \\]', ['\\int f']],
    ['it is \\(x\\), or $x_1$, or $n$ of them', ['x', 'x_1', 'n']],
    ['| a |\n|---|\n| $x^2$ |', ['x^2']],
  ])('%s', (text, expected) => {
    expect(formulas(text)).toEqual(expected);
  });

  it.each([
    'it costs $5 and $10, or US$ 6',
    'between $5-$10',
    'echo $HOME:$PATH and $1=$2',
    'PID is `$$` and `\\(x\\)`',
    'two $$ here',
    '$$open\n\nand never closed',
    '\\(\\)',
  ])('none in: %s', (text) => {
    expect(formulas(text)).toEqual([]);
  });

  it('become MathML that a screen reader speaks, once what sets them is loaded', async () => {
    const container = show('$$\\frac{a}{b}$$');
    await vi.waitFor(() => expect(container.querySelector('math mfrac')).not.toBeNull(), 5_000);
    expect(container.querySelector('mfrac')?.namespaceURI).toBe('http://www.w3.org/1998/Math/MathML');
    expect(screen.getByRole('group', { name: 'Formula' })).toBeTruthy();
  });

  it('stand as they were written where they are no TeX', async () => {
    const container = show('$$\\frac{a$$ and $x^{$');
    await vi.dynamicImportSettled();
    expect(container.querySelector('.lk-maths code')?.textContent).toBe('\\frac{a');
  });

  it.each([
    '\\href{javascript:alert(1)}{x}',
    '\\url{https://evil.example}',
    '\\includegraphics{https://evil.example/x.png}',
    '\\style{position:fixed;inset:0}{x}',
    '\\class{lk-window}{x}',
    '\\id{root}{x}',
    '\\text{<img src=x onerror=alert(1)>}',
    '\\color{red;background:url(https://evil.example)}x',
  ])('lead nowhere and reach no further than themselves: %s', (tex) => {
    let html = '';
    try {
      html = render(<>{renderMaths(tex, true)}</>).container.innerHTML;
    } catch {
      return; // Refused as a whole.
    }
    expect(html).not.toMatch(/<(?:a|img|iframe|script|span)\b| (?:href|src|id|class|on\w+)=|url\(|position/);
  });

  it('cost a bounded time, however they are written', () => {
    for (const tex of ['\\def\\a{\\a\\a}\\a', '{'.repeat(5_000), '\\frac'.repeat(1_000), '^'.repeat(5_000)]) {
      expect(() => renderMaths(tex, false)).toThrow();
    }
  });
});

describe('footnotes', () => {
  it('lead to their note and back, and change no address', () => {
    const container = show('Well[^1] and so[^note].\n\n[^1]: The *first*.\n[^note]: The other,\n  and more.');
    expect(container.querySelectorAll('[role=doc-footnote]').length).toBe(2);
    expect(container.querySelector('[role=doc-footnote] em')?.textContent).toBe('first');
    const href = location.href;
    fireEvent.click(screen.getByRole('doc-noteref', { name: 'Note note' }));
    expect(document.activeElement?.textContent).toContain('The other, and more.'.slice(0, 10));
    fireEvent.click(screen.getAllByRole('doc-backlink')[1]!);
    expect(document.activeElement?.textContent).toBe('note');
    expect(location.href).toBe(href);
  });

  it('of two messages do not lead to each other’s', () => {
    const both = render(
      <>
        <Markdown text={'a[^1]\n\n[^1]: one'} strings={ENGLISH} />
        <Markdown text={'b[^1]\n\n[^1]: two'} strings={ENGLISH} />
      </>,
    ).container;
    fireEvent.click(screen.getAllByRole('doc-noteref')[1]!);
    expect(document.activeElement?.textContent).toContain('two');
    const ids = [...both.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('brackets that are none stay brackets', () => {
    expect(show('the class [^abc] of a pattern').textContent).toBe('the class [^abc] of a pattern');
  });
});

test.each([
  ['a formula', 'so $$a^2 + ', 'so'],
  ['a formula in words', 'so \\(a^2', 'so'],
  ['a footnote', 'so[^no', 'so'],
])('%s shows none of its marks while it is written', (_, text, shown) => {
  expect(show(text, { streaming: true }).textContent?.trim()).toBe(shown);
});

test('two dollars that are no formula hide nothing for long', () => {
  const words = 'word '.repeat(100).trim();
  expect(show(`two $$ ${words}`, { streaming: true }).textContent).toBe(`two $$ ${words}`);
  expect(show('`$$` is the PID, and', { streaming: true }).textContent).toBe('$$ is the PID, and');
});
