// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { tests as commonMark } from 'commonmark-spec';
import { StrictMode } from 'react';
import { afterEach, beforeAll, describe, expect, it, test, vi } from 'vitest';
import { ENGLISH } from '../strings.ts';
import { GrowingMarkdown } from './GrowingMarkdown.tsx';
import { GrowingView } from './GrowingView.ts';
import { Markdown } from './Markdown.tsx';
import type { MarkdownProps } from './MarkdownContext.ts';
import { preloadMend } from './useMend.ts';

beforeAll(async () => void (await preloadMend()));
afterEach(cleanup);

function open(text: string, props: Partial<MarkdownProps> = {}) {
  const view = new GrowingView();
  const onPortals = vi.fn();
  const element = (words: string, streaming: boolean, more: Partial<MarkdownProps> = {}) => (
    <StrictMode>
      <GrowingMarkdown
        text={words}
        streaming={streaming}
        strings={ENGLISH}
        {...props}
        {...more}
        view={view}
        onPortals={onPortals}
        className="lk-content"
      />
    </StrictMode>
  );
  const { container, rerender } = render(element(text, true));
  return {
    root: container.firstElementChild as HTMLElement,
    onPortals,
    /** As a frame does it. */
    write: (words: string) => void act(() => void view.write(words)),
    /** As React does it. */
    show: (words: string, streaming = true, more: Partial<MarkdownProps> = {}) =>
      rerender(element(words, streaming, more)),
  };
}

/** What React makes of it as it grows. */
function byReact(props: Partial<MarkdownProps> = {}) {
  const element = (text: string, streaming: boolean) => (
    <div className="lk-content" dir="auto">
      <Markdown text={text} streaming={streaming} strings={ENGLISH} {...props} />
    </div>
  );
  const { container, rerender } = render(element('', true));
  return {
    root: container.firstElementChild as HTMLElement,
    show: (text: string, streaming = true) => rerender(element(text, streaming)),
  };
}

/** Ids are each text's own; where words are cut into nodes shows nothing. */
function comparable(root: HTMLElement): Node {
  const copy = root.cloneNode(true) as HTMLElement;
  for (const element of copy.querySelectorAll('[id], [href^="#"]')) {
    for (const name of ['id', 'href']) {
      const value = element.getAttribute(name);
      if (value) element.setAttribute(name, value.replace(/^#?.*(?=(?:ref|note)-)/, ''));
    }
  }
  for (const element of copy.querySelectorAll('[style=""]')) element.removeAttribute('style');
  copy.normalize();
  return copy;
}

function expectSame(root: HTMLElement, other: HTMLElement): void {
  const [a, b] = [comparable(root), comparable(other)];
  if (!a.isEqualNode(b)) expect((a as HTMLElement).outerHTML).toBe((b as HTMLElement).outerHTML);
}

const OTHERS = [
  '| a | b |\n| - | :-: |\n| 1 | 2 |\n\nafter',
  '| a | b |\n|---|---|\n| `x` | **y** |\n| 1 |\n| 1 | 2 | 3 |\n> q',
  '- [ ] to do\n- [x] done\n  - [ ] inner\n\n1. one\n\n2. two\n\n10) other',
  '~~gone~~ and ~one~ https://example.com/a_b_c, www.example.com. me@example.com',
  '```js\nconst a = "`";\n```\n\ntext\n\n~~~\n```\n~~~\n',
  'a[^note] and b[^2]\n\n[^note]: what it says\n  and *more*\n[^2]: other\nlazy\n\nend[^note]',
  'so:\n$$\na^2\n$$\nand \\(x\\) or $x_1$ for $5\n\n![a picture](https://example.com/a.png) after',
];

describe('what is drawn is what React renders', () => {
  it.each([
    ...commonMark.map(({ number, markdown }) => [`example ${number}`, markdown] as const),
    ...OTHERS.map((text, index) => [`other ${index}`, text] as const),
  ])('at every byte, and at the end: %s', (_, text) => {
    const drawn = open('');
    const rendered = byReact();
    for (let end = 1; end <= text.length; end += 1) {
      drawn.write(text.slice(0, end));
      rendered.show(text.slice(0, end));
      expectSame(drawn.root, rendered.root);
    }
    drawn.show(text, false);
    rendered.show(text, false);
    expectSame(drawn.root, rendered.root);
  });
});

test('further words are added to the node that they go on from, and a selection in it stays', () => {
  const { root, write } = open('One **two** three');
  const node = root.querySelector('p')!.lastChild as Text;
  document.getSelection()!.setBaseAndExtent(node, 1, node, 6);
  write('One **two** three four, `fi');
  write('One **two** three four, `five` and\n\n- a\n- b');
  expect(root.querySelector('p')!.childNodes[2]).toBe(node);
  expect(node.data).toBe(' three four, ');
  expect(document.getSelection()!.toString()).toBe('three');
});

test('what is finished is touched no more, and of what grows only its end', async () => {
  const { root, write } = open('# One\n\ntwo **three** four\n\n- a\n- b `c`');
  const touched = new Set<Node>();
  const observer = new MutationObserver((records) => records.forEach(({ target }) => touched.add(target)));
  observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
  write('# One\n\ntwo **three** four\n\n- a\n- b `c` d *e*');
  await vi.waitFor(() => expect(touched.size).toBeGreaterThan(0));
  expect([...touched]).toEqual([root.querySelectorAll('li')[1]]);
});

describe('components are React’s, within what is drawn', () => {
  it('code gets its colours without React, keeps them, and loses them with its fence', async () => {
    const { root, write, show } = open('```js\nconst a');
    write('```js\nconst a = 1;\n```\n');
    const code = root.querySelector('code')!;
    expect(code.textContent).toBe('const a = 1;');
    await vi.waitFor(() => expect(code.querySelector('.hljs-keyword')?.textContent).toBe('const'), 5_000);
    const keyword = code.querySelector('.hljs-keyword');
    show('```js\nconst a = 1;\n```\n', true, { policy: { imageHosts: ['a.test'] } });
    expect(root.querySelector('.hljs-keyword')).toBe(keyword);
    show('```js\nlet b');
    expect(root.querySelector('code')?.textContent).toBe('let b');
    expect(root.querySelector('.hljs-keyword')).toBeNull();
    show('```js\nlet b\n```\n\nend', false);
    await vi.waitFor(() => expect(root.querySelector('.hljs-keyword')?.textContent).toBe('let'), 5_000);
    expect(root.querySelector('code')?.textContent).toBe('let b');
  });

  it('code is copied once its fence is closed, and is in colours then', async () => {
    const { root, write, onPortals } = open('so:\n\n```js\nconst a');
    const pre = root.querySelector('pre');
    expect(screen.queryByRole('button')).toBeNull();
    expect(onPortals).not.toHaveBeenCalled();
    write('so:\n\n```js\nconst a = 1;\n```\n\nand');
    expect(onPortals).toHaveBeenCalled();
    const clipboard = { writeText: vi.fn(() => Promise.resolve()) };
    vi.stubGlobal('navigator', { ...navigator, clipboard });
    fireEvent.click(screen.getByRole('button', { name: 'Copy code' }));
    expect(clipboard.writeText).toHaveBeenCalledWith('const a = 1;');
    vi.unstubAllGlobals();
    await vi.waitFor(() => expect(root.querySelector('.hljs-keyword')?.textContent).toBe('const'), 5_000);
    expect(root.querySelector('pre')).toBe(pre);
    expect([...root.querySelectorAll('p')].at(-1)?.textContent).toBe('and');
  });

  it('a footnote leads to its note', () => {
    const { root, write } = open('');
    write('One[^1] two');
    write('One[^1] two\n\n[^1]: the note');
    fireEvent.click(screen.getByRole('doc-noteref'));
    expect(document.activeElement).toBe(root.querySelector('.lk-footnote'));
  });

  it('words before one that comes stay the nodes that they are', () => {
    const { root, write } = open('One **two** three');
    const nodes = [...root.querySelector('p')!.childNodes];
    write('One **two** three[^1] and *four*');
    expect([...root.querySelector('p')!.childNodes].slice(0, 3)).toEqual(nodes);
    expect(root.querySelector('p')!.childNodes[2]).toBe(nodes[2]);
    expect(root.querySelector('p')!.innerHTML.replace(/<sup.*sup>/, '…')).toBe(
      'One <strong>two</strong> three… and <em>four</em>',
    );
  });

  it('what is made of words comes and goes with them', () => {
    const words = (text: string) =>
      text.split(/(@\w+)/).map((piece, index) => (index % 2 ? <Mark key={index} of={piece} /> : piece));
    const { root, write, show } = open('to', { words });
    for (const text of ['to @ann', 'to @ann and', 'to @ann and @bob.\n\n- @cy', 'to @ann and @bob.\n\n- @cy\n- d']) {
      write(text);
      expect(root.textContent).toBe(text.replace(/\n+(- )?/g, '').replace('- ', ''));
    }
    expect(root.querySelectorAll('mark').length).toBe(3);
    show('to @ann and @bob.\n\n- @cy\n- d', false, { words: (text) => text });
    expect(root.querySelectorAll('mark').length).toBe(0);
    expect(root.textContent).toBe('to @ann and @bob.@cyd');
    show('to @ann', false, { words });
    expect(root.innerHTML).toBe('<div class="lk-blocks"><p>to <mark>@ann</mark></p></div>');
  });
});

function Mark({ of }: { of: string }) {
  return <mark>{of}</mark>;
}

test.each([
  ['the same', 'One two three'],
  ['fewer words', 'One'],
  ['others', 'Else'],
  ['another block', '# One'],
  ['none', ''],
])('a text that is another in the end stands there whole: %s', (_, end) => {
  const { root, write, show } = open('One two');
  write('One two three');
  show(end, false);
  const rendered = byReact();
  rendered.show(end, false);
  expectSame(root, rendered.root);
});

test('a render with words from before takes nothing back', () => {
  const { root, write, show } = open('One');
  write('One two');
  show('One');
  expect(root.textContent).toBe('One two');
});
