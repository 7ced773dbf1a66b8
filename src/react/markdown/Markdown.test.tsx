import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, it, test, vi } from 'vitest';
import { ENGLISH } from '../strings.ts';
import { DEFAULT_LINK_POLICY } from './link-policy.ts';
import { Markdown } from './Markdown.tsx';
import type { MarkdownProps } from './MarkdownContext.ts';
import { preloadMend } from './useMend.ts';

beforeAll(async () => void (await preloadMend()));
afterEach(cleanup);

const html = (text: string, props: Partial<MarkdownProps> = {}) =>
  render(<Markdown text={text} strings={ENGLISH} {...props} />).container;
const half = (text: string) => html(text, { streaming: true });

describe('what is half-written looks as it will look', () => {
  it.each([
    ['a **bold', 'a bold', 'strong'],
    ['a *slan', 'a slan', 'em'],
    ['a `co', 'a co', 'code'],
    ['a ~~gon', 'a gon', 'del'],
  ])('%s', (text, shown, element) => {
    const container = half(text);
    expect(container.textContent).toBe(shown);
    expect(container.querySelector(element)).not.toBeNull();
  });

  it.each([
    ['a link', 'see [the docs](https://exam', 'see the docs'],
    ['a picture', 'see ![the ch', 'see'],
    ['a fence', 'so:\n\n``', 'so:'],
    ['a fence with its language', 'so:\n\n```typ', 'so:'],
    ['a list’s next item', '- a\n- b\n-', 'ab'],
    ['a numbered item', '1. a\n2', 'a'],
    ['a heading', 'so\n\n##', 'so'],
    ['an asterisk', 'a *', 'a'],
  ])('%s shows none of its marks', (_, text, shown) => {
    expect(half(text).textContent?.replace(/\s+/g, ' ').trim()).toBe(shown);
  });

  it('a table is one from its first row on', () => {
    for (const text of [
      '| Name | Val',
      '| Name | Value |\n',
      '| Name | Value |\n| -',
      '| Name | Value |\n|---|:-',
      '| Name | Value |\n|---|---|\n| a',
    ]) {
      const container = half(text);
      expect(container.querySelectorAll('th').length, text).toBe(2);
      expect(container.textContent, text).not.toMatch(/[|-]/);
      cleanup();
    }
  });

  it('an open fence is code, and is highlighted only when it is closed', async () => {
    const view = render(<Markdown text={'```js\nconst a = 1;'} streaming strings={ENGLISH} />);
    expect(view.container.querySelector('pre')?.textContent).toBe('const a = 1;');
    expect(screen.queryByRole('button', { name: 'Copy code' })).toBeNull();
    view.rerender(<Markdown text={'```js\nconst a = 1;\n```\n'} streaming strings={ENGLISH} />);
    await vi.waitFor(() => expect(view.container.querySelector('.hljs-keyword')?.textContent).toBe('const'), 5_000);
    expect(view.container.querySelector('pre')?.textContent).toBe('const a = 1;');
    expect(screen.getByRole('button', { name: 'Copy code' })).toBeTruthy();
  });

  it('an open fence of many lines stands in several elements, and only the last one changes', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n');
    const view = render(<Markdown text={`\`\`\`\n${lines}`} streaming strings={ENGLISH} />);
    const before = [...view.container.querySelectorAll('.lk-code-lines')].map((element) => element.firstChild);
    view.rerender(<Markdown text={`\`\`\`\n${lines} and on`} streaming strings={ENGLISH} />);
    const after = [...view.container.querySelectorAll('.lk-code-lines')].map((element) => element.firstChild);
    expect(after.length).toBe(4);
    expect(after).toEqual(before);
  });
});

test('finished blocks keep their elements, and a selection in them, while the text grows', () => {
  const text = 'one **two** three\n\n- a\n- b\n\nlast';
  const view = render(<Markdown text={text} streaming strings={ENGLISH} />);
  const strong = view.container.querySelector('strong')?.firstChild;
  const item = view.container.querySelector('li')?.firstChild;
  view.rerender(<Markdown text={`${text} words\n\nand more`} streaming strings={ENGLISH} />);
  view.rerender(<Markdown text={`${text} words\n\nand more`} strings={ENGLISH} />);
  expect(view.container.querySelector('strong')?.firstChild).toBe(strong);
  expect(view.container.querySelector('li')?.firstChild).toBe(item);
});

describe('nothing in a text runs, and nothing in it calls home', () => {
  it.each([
    '<img src=x onerror=alert(1)>',
    '<script>alert(1)</script>',
    'a <b onclick="x()">b</b> c',
    '<!-- hidden -->',
    '<svg/onload=alert(1)>',
    '<style>*{display:none}</style>',
  ])('raw HTML is text: %s', (text) => {
    const container = html(text);
    expect(container.textContent).toBe(text);
    expect(container.querySelector('img, script, b, svg, style')).toBeNull();
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'blob:x',
    'file:///etc/passwd',
    '&#106;avascript:alert(1)',
    'intent://x',
  ])('an address of a kind that is not allowed is no link: %s', (address) => {
    const container = html(`[words](<${address}>)`);
    expect(container.querySelector('a')).toBeNull();
    expect(container.textContent).toContain('words');
  });

  it('a blank within an address does not hide what kind it is: it stays within the page', () => {
    html('[words](<java\tscript:alert(1)>)');
    expect(new URL(screen.getByRole<HTMLAnchorElement>('link').href).origin).toBe(location.origin);
  });

  it('a picture of another host is a link to it, so that nothing is asked for unasked', () => {
    const container = html('![the chart](https://evil.example/p?q=secret)');
    expect(container.querySelector('img')).toBeNull();
    expect(screen.getByRole('link', { name: 'the chart' }).getAttribute('href')).toBe(
      'https://evil.example/p?q=secret',
    );
  });

  it('a picture of an allowed host, and of the page’s own, is shown without a referrer', () => {
    const policy = { ...DEFAULT_LINK_POLICY, imageHosts: ['cdn.example.com'] };
    html('![a](https://cdn.example.com/a.png) ![b](/b.png) ![c](//evil.example/c.png)', { policy });
    const shown = screen.getAllByRole<HTMLImageElement>('img');
    expect(shown.map((image) => image.getAttribute('src'))).toEqual(['https://cdn.example.com/a.png', '/b.png']);
    expect(shown.every((image) => image.getAttribute('referrerpolicy') === 'no-referrer')).toBe(true);
  });

  it('a picture never comes from a data address', () => {
    expect(
      html('![a](data:image/svg+xml,<svg/onload=alert(1)>)', {
        policy: { ...DEFAULT_LINK_POLICY, imageHosts: 'all' },
      }).querySelector('img'),
    ).toBeNull();
  });

  it('links open apart from the page', () => {
    html('[words](https://example.com)');
    const link = screen.getByRole('link');
    expect([link.getAttribute('target'), link.getAttribute('rel')]).toEqual(['_blank', 'noopener noreferrer']);
  });
});

describe('no text holds the page', () => {
  it.each([
    ['50,000 nested quotes', '>'.repeat(50_000)],
    ['50,000 nested quotes with blanks', '> '.repeat(50_000)],
    ['100,000 backticks', '`'.repeat(100_000)],
    ['backticks of all lengths', Array.from({ length: 500 }, (_, length) => '`'.repeat(length)).join(' ')],
    ['brackets', '['.repeat(50_000)],
    ['half links', '[a]('.repeat(25_000)],
    ['half pictures', '!['.repeat(50_000)],
    ['asterisks', '*a_'.repeat(30_000)],
    ['nested items', '- '.repeat(20_000)],
    ['items in items', Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth * 2)}- a`).join('\n')],
    ['blanks', `${' '.repeat(100_000)}a`],
    ['a word without end', `${'a'.repeat(100_000)}@`],
    ['a wide table', `${'|a'.repeat(1_000)}\n${'|-'.repeat(1_000)}\n${'|b'.repeat(1_000)}`],
    ['references', '&amp;'.repeat(50_000)],
    ['backslashes', '\\'.repeat(100_000)],
    ['angle brackets', '<'.repeat(100_000)],
  ])(
    '%s',
    (_, text) => {
      // Whole and growing. The limit of the test is the measure: what went wrong here took minutes or the stack.
      html(text);
      cleanup();
      const view = render(<Markdown text={text.slice(0, -2)} streaming strings={ENGLISH} />);
      act(() => view.rerender(<Markdown text={text} streaming strings={ENGLISH} />));
      expect(view.container.textContent?.length).toBeGreaterThan(-1);
    },
    5_000,
  );
});

test('a line break is one where people write, and a blank where a model does', () => {
  expect(html('one\ntwo', { breaks: true }).querySelector('br')).not.toBeNull();
  cleanup();
  expect(html('one\ntwo').querySelector('br')).toBeNull();
});

test('a table and code can be scrolled by keyboard, and say what they are', () => {
  html('| a |\n|---|\n| 1 |\n\n```python\nx = 1\n```\n');
  expect(screen.getByRole('group', { name: 'Table' }).tabIndex).toBe(0);
  expect(screen.getByLabelText('Code in python').tabIndex).toBe(0);
});

test('a heading of a message comes below those of the page', () => {
  html('# One\n\n###### Six');
  expect(screen.getAllByRole('heading').map((heading) => heading.getAttribute('aria-level'))).toEqual(['3', '6']);
});
