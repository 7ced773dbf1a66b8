import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Exported under two names: the page of the first tells of the second. */
const ALIASES: Record<string, string> = { MessageInput: 'MessageComposer' };

/** What an entry exports that begins as components do and comes from a file that may hold one. */
function componentsOf(entry: string): string[] {
  const source = readFileSync(entry, 'utf8');
  return [...source.matchAll(/^export \{([^}]*)\} from '[^']+\.tsx';$/gm)].flatMap(([, names = '']) =>
    names
      .split(',')
      .map((name) => name.trim().split(' as ').at(-1) ?? '')
      .filter((name) => /^[A-Z][a-z]/.test(name)),
  );
}

const pages = readdirSync('stories').filter((name) => name.endsWith('.mdx'));
const components = [...componentsOf('src/index.ts'), ...componentsOf('src/react/devtools/index.ts')];

test('the components that apps import are found', () => {
  expect(components).toEqual(
    expect.arrayContaining(['ChatProvider', 'ChatWindow', 'MessageInput', 'SystemMessage', 'ChatTokenDevtools']),
  );
});

test.each(components)('%s has a page of the manual', (name) => {
  const page = ALIASES[name] ?? name;
  expect(pages).toContain(`${page}.mdx`);
  const text = readFileSync(`stories/${page}.mdx`, 'utf8');
  expect(text).toMatch(new RegExp(`^# ${page}$`, 'm'));
  expect(text, 'shows it').toMatch(/<Canvas of=\{\w+\.\w+\}/);
  expect(text).toContain(name);
});

test('every story that a page shows is there', () => {
  for (const page of pages) {
    const text = readFileSync(`stories/${page}`, 'utf8');
    const files = new Map(
      [...text.matchAll(/import \* as (\w+) from '\.\/(.+?)';/g)].map(([, as = '', file = '']) => [as, file]),
    );
    for (const [, as = '', story = ''] of text.matchAll(/of=\{(\w+)\.(\w+)\}/g)) {
      const stories = readFileSync(`stories/${files.get(as)}`, 'utf8');
      expect(stories, `${page}: ${as}.${story}`).toMatch(new RegExp(`^export const ${story}\\b`, 'm'));
    }
  }
});
