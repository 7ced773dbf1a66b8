import { expect, test } from 'vitest';
import { initialsOf } from '../parts/Avatar.tsx';
import { linkify } from './linkify.ts';

const links = (text: string) => linkify(text).flatMap((span) => (span.kind === 'link' ? [span.text] : []));

test.each([
  ['see https://example.com.', ['https://example.com']],
  ['(https://example.com/a)', ['https://example.com/a']],
  ['https://en.wikipedia.org/wiki/Key_(lock), and', ['https://en.wikipedia.org/wiki/Key_(lock)']],
  ['“http://example.com/?a=1&b=2#c”!', ['http://example.com/?a=1&b=2#c']],
  ['two: http://a.test http://b.test', ['http://a.test', 'http://b.test']],
  ['javascript:alert(1) data:text/html,x ftp://a.test example.com', []],
  ['https://', []],
])('%s', (text, expected) => {
  expect(links(text)).toEqual(expected);
  expect(
    linkify(text)
      .map((span) => span.text)
      .join(''),
  ).toBe(text);
});

test.each([
  ['Ada Osei', 'AO'],
  ['ada', 'AD'],
  ['Ines María Ruiz', 'IR'],
  ['👩‍👩‍👧 Team', '👩‍👩‍👧T'],
  ['', ''],
])('initials of %s', (name, initials) => expect(initialsOf(name)).toBe(initials));
