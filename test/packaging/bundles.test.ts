import * as commonmark from 'commonmark-spec';
import { build } from 'esbuild';
import * as marked from 'marked';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const dist = resolve('dist');
const builtins = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));

/** What an entry reaches outside the package, through all of its own files: `react`, `ws`, `node:fs` … */
async function reachable(
  entry: string,
  conditions: { platform: 'browser' | 'node' | 'neutral'; external?: string[] },
): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [join(dist, entry)],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    outdir: 'out',
    packages: 'external',
    ...conditions,
  });
  const imports = Object.values(metafile.outputs).flatMap((output) =>
    output.imports.filter(({ external }) => external),
  );
  return [...new Set(imports.map(({ path }) => path))].sort();
}

const packageOf = (path: string) =>
  path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');

describe('what each entry reaches', () => {
  test('latchkit: no server code, no Node module, no signing library; now or later', async () => {
    const packages = (await reachable('index.js', { platform: 'browser' })).map(packageOf);
    expect([...new Set(packages)]).toEqual([
      '@tanstack/react-query',
      'eventsource-parser',
      'highlight.js',
      'idb',
      'jwt-decode',
      'lowlight',
      'lucide',
      'react',
      'react-dom',
      'remend',
      'temml',
      'uuid',
      'virtua',
    ]);
  });

  test('latchkit: a window loads no virtual list, no Markdown, no formulas, no schema library and no query cache at once', async () => {
    const { metafile } = await build({
      stdin: {
        contents: `import { ChatProvider, ChatWindow } from './index.js'; console.log(ChatProvider, ChatWindow);`,
        resolveDir: dist,
      },
      bundle: true,
      splitting: true,
      write: false,
      metafile: true,
      format: 'esm',
      outdir: 'out',
      external: ['react', 'react-dom'],
    });
    const { outputs } = metafile;
    const atOnce = new Set(Object.keys(outputs).filter((file) => outputs[file]?.entryPoint === '<stdin>'));
    for (const file of atOnce) {
      for (const { path, kind, external } of outputs[file]?.imports ?? []) {
        if (kind === 'import-statement' && !external) atOnce.add(path);
      }
    }
    const found = [...atOnce]
      .flatMap((file) => Object.entries(outputs[file]?.inputs ?? {}))
      .flatMap(([path, { bytesInOutput }]) =>
        bytesInOutput > 0 ? (/.*node_modules\/(.+)/.exec(path)?.[1] ?? []) : [],
      );
    expect(atOnce.size).toBeGreaterThan(0);
    const later =
      /^(?:virtua|marked|remend|temml|valibot|highlight\.js|lowlight|eventsource-parser|idb)$|\/queryClient\.js$/;
    expect(found.filter((path) => later.test(packageOf(path)) || later.test(path))).toEqual([]);
    expect(found.map(packageOf)).toContain('lucide');
  });

  test('latchkit: what is shown at once says no word that comes later', async () => {
    const { metafile } = await build({
      stdin: {
        contents: `import * as kit from './index.js'; const { ENGLISH, ...rest } = kit; console.log(rest);`,
        resolveDir: dist,
      },
      bundle: true,
      splitting: true,
      write: false,
      metafile: true,
      format: 'esm',
      outdir: 'out',
      packages: 'external',
    });
    const { inputs } = metafile;
    const first = new Set(['dist/index.js']);
    for (const file of first) {
      for (const { path, kind } of inputs[file]?.imports ?? []) if (kind === 'import-statement') first.add(path);
    }
    const wordsOf = (file: string) => [...readFileSync(file, 'utf8').matchAll(/^\t(\w+):/gm)].map(([, word]) => word!);
    const later = new Set(wordsOf('dist/react/strings/later-words.js'));
    expect(later.size).toBeGreaterThan(100);
    expect(wordsOf('dist/react/strings/first-words.js').filter((word) => later.has(word))).toEqual([]);
    const said = [...first]
      .filter((file) => inputs[file] && !file.startsWith('dist/react/strings'))
      .flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/\b(?:strings|words)\.(\w+)/g)].map(([, word]) => ({
          file,
          word: word!,
        })),
      );
    expect(said.length).toBeGreaterThan(50);
    expect(said.filter(({ word }) => later.has(word))).toEqual([]);
  });

  test('the lexer of Markdown that is shipped reads all of CommonMark as marked’s own does', async () => {
    const { Lexer } = (await import(join(dist, 'protocol/markdown/marked-lexer.js'))) as { Lexer: typeof marked.Lexer };
    for (const { markdown } of commonmark.tests) {
      expect(new Lexer({ gfm: true }).lex(markdown)).toEqual(new marked.Lexer({ gfm: true }).lex(markdown));
    }
    expect(readFileSync(join(dist, 'protocol/markdown/marked-lexer.js'), 'utf8')).toContain('MIT License');
  });

  test('latchkit/devtools: the main entry as it is, with its one ChatContext, and React', async () => {
    const found = await reachable('devtools/index.js', { platform: 'browser', external: ['../*'] });
    expect(found).toEqual(['../index.js', 'react', 'react/jsx-runtime']);
  });

  test('latchkit/client: no React', async () => {
    expect(await reachable('client/index.js', { platform: 'browser' })).toEqual([
      'eventsource-parser',
      'idb',
      'jwt-decode',
    ]);
  });

  test.each(['ai-sdk', 'ag-ui', 'openai-chatkit'])(
    'latchkit/%s: what the client reaches, and nothing of the protocol’s own',
    async (name) => {
      const packages = (await reachable(`${name}/index.js`, { platform: 'browser' })).map(packageOf);
      expect([...new Set(packages)]).toEqual(['eventsource-parser', 'uuid']);
    },
  );

  test('latchkit/protocol: valibot alone', async () => {
    expect(await reachable('protocol/index.js', { platform: 'neutral' })).toEqual(['valibot']);
  });

  test('latchkit/token: jose, and nothing that an edge runtime lacks', async () => {
    const found = await reachable('token/index.js', { platform: 'neutral' });
    expect(found.filter((path) => builtins.has(path))).toEqual([]);
    expect(found).toEqual(['jose']);
  });

  test('latchkit/server: no React, no query cache, no components', async () => {
    const packages = (await reachable('server/index.js', { platform: 'node' })).filter((path) => !builtins.has(path));
    expect(packages).toEqual([
      '@opentelemetry/api',
      '@tus/s3-store',
      '@tus/server',
      'file-type',
      'html-encoding-sniffer',
      'htmlparser2',
      'image-size',
      'ipaddr.js',
      'jose',
      'kysely',
      'marked',
      'pg',
      'prom-client',
      'uuid',
      'valibot',
      'ws',
    ]);
  });
});

describe('the words in other languages', () => {
  // By a greeting of its own each: what an app ships is told by its text.
  const HEADINGS = {
    ar: 'المحادثات',
    de: 'Unterhaltungen',
    es: 'Conversaciones',
    fr: 'Aucune conversation pour l’instant',
    he: 'שיחות',
    ja: '会話',
    'pt-BR': 'Nenhuma conversa ainda',
    'zh-Hans': '会话',
  };
  const { exports: entries } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, unknown> };

  /** What an app that says `contents` loads: at once, and when it asks. */
  async function shipped(contents: string): Promise<{ atOnce: string; later: string[] }> {
    const { outputFiles, metafile } = await build({
      stdin: { contents, resolveDir: process.cwd() },
      bundle: true,
      splitting: true,
      write: false,
      metafile: true,
      charset: 'utf8',
      format: 'esm',
      outdir: 'out',
      external: ['react', 'react-dom'],
      tsconfigRaw: {}, // ours leads to the source: an app gets what the package's entries name
    });
    const first = Object.keys(metafile.outputs).find((file) => metafile.outputs[file]?.entryPoint === '<stdin>');
    const isFirst = ({ path }: { path: string }) => path.endsWith(first!);
    return {
      atOnce: outputFiles.find(isFirst)!.text,
      later: outputFiles.filter((file) => !isFirst(file)).map(({ text }) => text),
    };
  }
  const spoken = (text: string) =>
    Object.entries(HEADINGS).flatMap(([locale, word]) => (text.includes(`"${word}"`) ? locale : []));

  test('each that the source has is an entry, found by its name, and stands on nothing else', async () => {
    const sources = readdirSync('src/react/strings/locales').flatMap(
      (name) => /^([a-z]{2}(?:-\w+)?)\.ts$/.exec(name)?.[1] ?? [],
    );
    expect(sources.sort()).toEqual(Object.keys(HEADINGS).sort());
    const named = Object.keys(entries).flatMap((name) => /^\.\/locales\/(.+)$/.exec(name)?.[1] ?? []);
    expect(named.sort()).toEqual(Object.keys(HEADINGS).sort());
    for (const locale of sources) expect(await reachable(`locales/${locale}.js`, { platform: 'neutral' })).toEqual([]);
  });

  test('an app that imports one ships that one', async () => {
    const { atOnce, later } = await shipped(`import { GERMAN } from 'latchkit/locales/de'; console.log(GERMAN);`);
    expect(spoken(atOnce)).toEqual(['de']);
    expect(atOnce).not.toContain('No conversations yet');
    expect(later).toEqual([]);
  });

  test('an app that asks for the reader’s ships each as a file of its own, and loads none at once', async () => {
    const { atOnce, later } = await shipped(`import { localeStrings } from 'latchkit/locales'; localeStrings('de');`);
    expect(spoken(atOnce)).toEqual([]);
    expect(
      later
        .map(spoken)
        .filter(({ length }) => length > 0)
        .sort(),
    ).toEqual(Object.keys(HEADINGS).map((each) => [each]));
  });

  test('a window and the words share what they stand on: English is there once', async () => {
    const { atOnce, later } = await shipped(
      `import { ENGLISH } from 'latchkit'; import { localeStrings } from 'latchkit/locales'; console.log(ENGLISH, localeStrings);`,
    );
    const count = (text: string) => [atOnce, ...later].join('').split(text).length - 1;
    expect(count('"No conversations yet"')).toBe(1);
    expect(count('new Intl.PluralRules(')).toBe(1);
  });
});

describe('the emitted files', () => {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.js'));
  const first = (path: string) => readFileSync(join(dist, path), 'utf8').split('\n', 1)[0];

  test('the React entries begin with "use client", and no other file does', () => {
    const directed = files.filter((path) => first(path) === '"use client";');
    expect(directed.sort()).toEqual(['devtools/index.js', 'index.js']);
  });

  test('the devtools are in their own file alone: an app that does not import them ships none of them', () => {
    const shipped = [...files, 'styles.css'];
    const withDevtools = shipped.filter((path) => readFileSync(join(dist, path), 'utf8').includes('lk-devtools'));
    expect(withDevtools).toEqual(['devtools/index.js']);
  });

  test('every style sheet that the docs tell of is an entry, and stands in a layer of its own', () => {
    const docs = readFileSync(resolve('docs/theming.md'), 'utf8');
    const told = new Set(docs.match(/latchkit\/(?:themes\/)?[a-z]+\.css/g));
    expect(told.size).toBe(4);
    const { exports } = JSON.parse(readFileSync(resolve('package.json'), 'utf8')) as {
      exports: Record<string, unknown>;
    };
    for (const name of told) {
      const file = exports[name.replace(/^latchkit/, '.')];
      expect(typeof file, name).toBe('string');
      expect(readFileSync(resolve(file as string), 'utf8'), name).toMatch(/@layer latchkit/);
    }
  });

  test('styles.css stands in its own layer, so that an app’s rules win', () => {
    expect(readFileSync(join(dist, 'styles.css'), 'utf8')).toMatch(/^@layer latchkit/);
  });
});
