import { describe, expect, it } from 'vitest';
import { linksIn } from './linksIn.ts';

const links = (text: string) => linksIn([{ type: 'text', text }]);

describe('the links of a message', () => {
  it.each([
    ['see https://docs.example/a?b=1&c=2#d.', ['https://docs.example/a?b=1&c=2#d']],
    ['www.docs.example and HTTPS://Docs.Example', ['http://www.docs.example/', 'https://docs.example/']],
    ['[words](https://docs.example/) <https://other.example/x>', ['https://docs.example/', 'https://other.example/x']],
    ['[words](https://docs.example/?a=1&amp;b=2)', ['https://docs.example/?a=1&b=2']],
    ['[words][1]\n\n[1]: https://docs.example/', ['https://docs.example/']],
    ['- **https://docs.example/**\n\n> https://other.example/', ['https://docs.example/', 'https://other.example/']],
    ['[^1]\n\n[^1]: https://docs.example/', ['https://docs.example/']],
    ['$$ https://docs.example/ $$ and https://other.example/', ['https://other.example/']],
    ['| a |\n| - |\n| https://docs.example/ |', ['https://docs.example/']],
    ['https://docs.example/ twice https://docs.example', ['https://docs.example/']],
  ])('%j', (text, expected) => {
    expect(links(text)).toEqual(expected);
  });

  it.each([
    ['nothing to see'],
    ['`https://docs.example/`'],
    ['```\nhttps://docs.example/\n```'],
    ['    https://docs.example/'],
    ['![a picture](https://docs.example/a.png)'],
    ['mailto:ada@docs.example ftp://docs.example/'],
    ['[words](javascript:alert(1)) https://'],
    [`https://docs.example/${'x'.repeat(2_100)}`],
  ])('none: %j', (text) => {
    expect(links(text)).toEqual([]);
  });

  it('of all its texts, and of nothing else', () => {
    expect(
      linksIn([
        { type: 'text', text: 'https://a.example/' },
        { type: 'source-url', sourceId: 's', url: 'https://source.example/' },
        { type: 'text', text: 'https://b.example/' },
      ]),
    ).toEqual(['https://a.example/', 'https://b.example/']);
  });
});
