import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { METRICS } from '../../src/server/observability/Meter.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
/** A table's cells, whatever the widths of its columns. */
const rows = text.split('\n').map((line) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim()),
);

describe('docs/operations.md', () => {
  test.each(Object.entries(METRICS))('has a row for %s as the source has it', (name, { kind, labels, help }) => {
    const cells = [`\`${name}\``, kind, labels.map((label) => `\`${label}\``).join(', '), help];
    expect(rows).toContainEqual(cells);
  });

  test('names no metric that there is not', () => {
    const named = new Set([...text.matchAll(/latchkit_\w+?(?=_bucket|\b)/g)].map(([name]) => name));
    expect([...named].filter((name) => !Object.hasOwn(METRICS, name))).toEqual([]);
  });
});
