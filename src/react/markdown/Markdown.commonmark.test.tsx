import { tests } from 'commonmark-spec';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { ENGLISH } from '../strings.ts';
import { Markdown } from './Markdown.tsx';

/** Raw HTML is text here, on purpose: what these sections ask for is not wanted. So are their examples elsewhere. */
const OF_RAW_HTML = new Set(['HTML blocks', 'Raw HTML']);

/** GFM links bare addresses, where CommonMark sees text. */
const CHANGED_BY_GFM = new Set([608, 611, 612]);

const policy = {
  protocols: ['https:', 'http:', 'mailto:', 'ftp:', 'irc:', 'made-up-scheme:', 'localhost:', 'a+b+c:', 'foo:'],
  imageHosts: 'all' as const,
};

/** What the reader gets, without what only dresses it. */
function plain(html: string): string {
  const root = document.createElement('div');
  root.innerHTML = html;
  for (const group of root.querySelectorAll('.lk-blocks')) group.replaceWith(...group.childNodes);
  for (const heading of root.querySelectorAll('[data-level]'))
    rename(heading, `h${heading.getAttribute('data-level')}`);
  for (const code of root.querySelectorAll('figure')) code.replaceWith(...code.querySelectorAll('pre'));
  for (const lines of root.querySelectorAll('pre span')) lines.replaceWith(...lines.childNodes);
  for (const element of root.querySelectorAll('*')) {
    for (const { name } of [...element.attributes]) {
      if (!['href', 'src', 'alt', 'title', 'start'].includes(name)) element.removeAttribute(name);
    }
  }
  root.normalize();
  return root.innerHTML
    .replace(/\s*\n\s*/g, '\n')
    .replace(/>\s+/g, '>')
    .replace(/\s+</g, '<')
    .trim();
}

function rename(element: Element, name: string): void {
  const other = document.createElement(name);
  other.append(...element.childNodes);
  element.replaceWith(other);
}

const holdsHtml = (markdown: string) =>
  /<\/?[a-z!?]/i.test(markdown.replace(/<[a-z][a-z+.-]{1,31}:[^\s<>]*>|<[\w.+-]+@[\w.-]+>/gi, ''));

it.each(
  tests
    .filter(
      ({ number, section, markdown }) =>
        !CHANGED_BY_GFM.has(number) && !OF_RAW_HTML.has(section) && !holdsHtml(markdown),
    )
    // The specification writes → for a tab.
    .map(
      (test) =>
        [test.number, test.section, test.markdown.replaceAll('→', '\t'), test.html.replaceAll('→', '\t')] as const,
    ),
)('CommonMark 0.31 example %i, %s', (_, __, markdown, html) => {
  const shown = renderToStaticMarkup(<Markdown text={markdown} policy={policy} strings={ENGLISH} />);
  expect(plain(shown)).toBe(plain(html));
});
