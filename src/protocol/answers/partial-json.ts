/**
 * What a piece of JSON says that is not all there yet: open strings, objects and arrays are closed, and what is half a key, a number's
 * half or nothing yet is left out. Undefined for what is no beginning of JSON.
 */
export function partialJson(text: string): unknown {
  const whole = parse(text);
  return whole === undefined ? parse(mended(text)) : whole;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value)) as unknown;
  } catch {
    return undefined;
  }
}

/** The longest beginning after which the open brackets can be closed, with what closes them. */
function mended(text: string): string {
  const closers: string[] = [];
  /** What is good so far, and how many brackets were open there. */
  let good = 0;
  let open: string[] = [];
  const keep = (end: number, tail = ''): void => {
    good = end;
    open = [...closers];
    rest = tail;
  };
  let rest = '';
  /** Whether a string that begins here is a key: in an object, before a colon. */
  let key = false;
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '{' || char === '[') {
      closers.push(char === '{' ? '}' : ']');
      key = char === '{';
      at += 1;
      keep(at);
    } else if (char === '}' || char === ']') {
      closers.pop();
      key = false;
      at += 1;
      keep(at);
    } else if (char === ':' || char === ',') {
      key = char === ',' && closers.at(-1) === '}';
      at += 1;
    } else if (char === '"') {
      const end = endOfString(text, at);
      if (end.closed) {
        if (!key) keep(end.at);
      } else if (!key) keep(end.at, '"');
      at = end.closed ? end.at : text.length;
    } else if (/[-\dtfn]/.test(char)) {
      const word = /^[-+.\w]+/.exec(text.slice(at))?.[0] ?? char;
      const whole = ['true', 'false', 'null'].find((literal) => literal.startsWith(word));
      const number = /^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/.exec(word)?.[0];
      if (whole !== undefined) keep(at + word.length, whole.slice(word.length));
      else if (number !== undefined) keep(at + number.length);
      at += word.length;
    } else {
      at += 1;
    }
  }
  return text.slice(0, good) + rest + open.reverse().join('');
}

/** Where a string ends that begins at `from`; of one that is not closed, the last place before half an escape. */
function endOfString(text: string, from: number): { at: number; closed: boolean } {
  let at = from + 1;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '"') return { at: at + 1, closed: true };
    const length = char !== '\\' ? 1 : text.charAt(at + 1) === 'u' ? 6 : 2;
    if (at + length > text.length) break;
    at += length;
  }
  return { at, closed: false };
}
