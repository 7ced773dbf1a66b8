// Says what a bundle is made of: of each source file and each dependency, its bytes, and how many gzipped ones would go with it.
import { relative, resolve } from 'node:path';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * @param chunks rolldown's, with their source maps
 * @param gzip bytes of a text once it is gzipped
 * @returns the parts, the one that costs most first
 */
export function partsOf(chunks, gzip) {
  const pieces = chunks.flatMap(piecesOf);
  const whole = gzip(pieces.map(({ text }) => text).join(''));
  const bytes = new Map();
  for (const { part, text } of pieces) bytes.set(part, (bytes.get(part) ?? 0) + text.length);
  return [...bytes]
    .map(([part, raw]) => {
      const others = pieces.filter((piece) => piece.part !== part).map(({ text }) => text);
      return { part, raw, gzipped: whole - gzip(others.join('')) };
    })
    .sort((a, b) => b.gzipped - a.gzipped);
}

/** The code of a chunk in pieces, each with the file that it comes from. */
function piecesOf({ code, map }) {
  const marks = readMappings(map.mappings);
  return code.split('\n').flatMap((line, index) => {
    const starts = [{ column: 0, source: -1 }, ...(marks[index] ?? [])];
    return starts.map(({ column, source }, at) => ({
      part: source < 0 ? '(bundler)' : partOf(map.sources[source]),
      text: line.slice(column, starts[at + 1]?.column),
    }));
  });
}

function partOf(source) {
  const [, dependency] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source) ?? [];
  return dependency ?? relative('.', resolve(source)).replace(/^(?:\.\.\/)+/, '');
}

/** Columns and sources of a source map's segments, line by line (ECMA-426: base 64 VLQ, each relative to the one before). */
function readMappings(mappings) {
  let source = 0;
  return mappings.split(';').map((line) => {
    let column = 0;
    return line
      .split(',')
      .filter(Boolean)
      .map((segment) => {
        const [columns, sources] = readNumbers(segment);
        column += columns;
        source += sources ?? 0;
        return { column, source: sources === undefined ? -1 : source };
      });
  });
}

function readNumbers(segment) {
  const numbers = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    value = shift = 0;
  }
  return numbers;
}
