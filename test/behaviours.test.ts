import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, it } from 'vitest';

/** The numbered behaviours that the kit promises, first to last. Each is held by a test that has its number in its name. */
const BEHAVIOURS: Record<string, [first: number, last: number][]> = {
  // The token's life: its manager and hook, then its endpoint.
  T: [
    [1, 51],
    [60, 71],
  ],
  // The connection, and what comes back over it.
  C: [[1, 17]],
  // Sending.
  S: [[1, 8]],
  // What the gateway bears and keeps.
  G: [[1, 12]],
  // Lists.
  L: [[1, 13]],
};

const ROOT = new URL('../', import.meta.url);

const written = globSync('{src,test}/**/*.test.{ts,tsx}', { cwd: ROOT }).flatMap((path) =>
  namesIn(path, readFileSync(new URL(path, ROOT), 'utf8')),
);

it.each(Object.entries(BEHAVIOURS))('every behaviour %s has a test that names it', (letter, spans) => {
  const numbers = spans.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
  expect(numbers.length).toBeGreaterThan(0);
  const named = new Set(written.flatMap((name) => name.match(/\b[A-Z]+\d+\b/g) ?? []));
  expect(numbers.map((number) => `${letter}${number}`).filter((id) => !named.has(id))).toEqual([]);
});

it('a name in a comment, in a skipped test or in any other call counts for nothing', () => {
  const text = `
    // it('T1 in a comment', () => {});
    it.skip('T2 skipped', () => {}); test.todo('T3 to do'); expect('T4 elsewhere');
    it('T5 plain', () => {}); test.each([1])('T6 each %d', () => {}); describe(\`T7 \${1}\`, () => {});
    it.skipIf(false)('T8 on some machines', () => {});
  `;
  expect(namesIn('some.test.ts', text).map((name) => name.slice(0, 2))).toEqual(['T5', 'T6', 'T7', 'T8']);
});

/** The names of a file's tests and of their groups. */
function namesIn(path: string, text: string): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTest(node.expression)) {
      const [name] = node.arguments;
      if (name && (ts.isStringLiteralLike(name) || ts.isTemplateExpression(name))) {
        names.push(name.getText(source).slice(1));
      }
    }
    ts.forEachChild(node, visit);
  };
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  visit(source);
  return names;
}

/** `it`, `it.each(…)`, `describe.skipIf(…)`; not `it.skip` or `it.todo`, which never run. */
function isTest(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return ['it', 'test', 'describe'].includes(callee.text);
  if (ts.isPropertyAccessExpression(callee)) {
    return !['skip', 'todo', 'each', 'skipIf', 'runIf'].includes(callee.name.text) && isTest(callee.expression);
  }
  if (!ts.isCallExpression(callee) || !ts.isPropertyAccessExpression(callee.expression)) return false;
  return (
    ['each', 'for', 'skipIf', 'runIf'].includes(callee.expression.name.text) && isTest(callee.expression.expression)
  );
}
