import { inertHtml } from './inert-html.ts';

const REFERENCE = /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));/g;
/** What is left where the browser's own table cannot be asked. */
const BASIC: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

let area: HTMLTextAreaElement | undefined;

/** Text with its character references (`&copy;`, `&#169;`) as the characters that they stand for: CommonMark 0.31, 2.5. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return named(name) ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isCharacter ? String.fromCodePoint(code) : '\ufffd';
  });
}

/** The browser knows all 2,231 names. A text area reads nothing but references in what it is given. */
function named(name: string): string | undefined {
  const basic = BASIC[name];
  if (basic !== undefined || typeof document === 'undefined') return basic;
  try {
    area ??= document.createElement('textarea');
    area.innerHTML = inertHtml(`&${name};`);
    const { value } = area;
    // Of a name that it does not know it reads the beginning, without the end: `&not` of `&nothing;`.
    return value.endsWith(';') && name !== 'semi' ? undefined : value;
  } catch {
    return undefined; // A page with Trusted Types that does not allow it.
  }
}
