export type Span = { kind: 'text'; text: string } | { kind: 'link'; text: string; href: string };

const URL_LIKE = /\bhttps?:\/\/[^\s<>"“”«»]+/giu;
/** What a sentence puts after an address. */
const TRAILING = /[.,;:!?'’…]+$/u;

const BRACKETS = [
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
] as const;

/** Takes off the sentence's punctuation, and a closing bracket that no opening one within the address asks for. */
function trimAddress(address: string): string {
  let result = address;
  for (;;) {
    const before = result;
    result = result.replace(TRAILING, '');
    for (const [open, close] of BRACKETS) {
      if (result.endsWith(close) && result.split(close).length > result.split(open).length)
        result = result.slice(0, -1);
    }
    if (result === before) return result;
  }
}

/** Splits text at its http(s) addresses. Nothing else becomes a link: no `javascript:`, no bare domain, no markup. */
export function linkify(text: string): Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const match of text.matchAll(URL_LIKE)) {
    const address = trimAddress(match[0]);
    if (!URL.canParse(address)) continue;
    if (match.index > from) spans.push({ kind: 'text', text: text.slice(from, match.index) });
    spans.push({ kind: 'link', text: address, href: new URL(address).href });
    from = match.index + address.length;
  }
  if (from < text.length) spans.push({ kind: 'text', text: text.slice(from) });
  return spans;
}
