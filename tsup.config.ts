import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { defineConfig, type Options } from 'tsup';
import { buildBrowserModules } from './scripts/browser-modules.ts';

/** Each entry of the package, and what else other rooms import: the file it is built from, and the file it becomes. */
const ENTRIES = {
  protocol: { from: 'src/protocol/index.ts', to: 'protocol/index' },
  schemas: { from: 'src/protocol/schemas.ts', to: 'protocol/schemas' },
  answers: { from: 'src/protocol/answers/index.ts', to: 'protocol/answers/index' },
  markdown: { from: 'src/protocol/markdown/index.ts', to: 'protocol/markdown/index' },
  client: { from: 'src/client/index.ts', to: 'client/index' },
  aiSdk: { from: 'src/client/backends/ai-sdk/index.ts', to: 'ai-sdk/index' },
  agUi: { from: 'src/client/backends/ag-ui/index.ts', to: 'ag-ui/index' },
  openAiChatKit: { from: 'src/client/backends/openai-chatkit/index.ts', to: 'openai-chatkit/index' },
  react: { from: 'src/index.ts', to: 'index' },
  english: { from: 'src/react/strings/english.ts', to: 'react/strings/english' },
  forms: { from: 'src/react/strings/forms.ts', to: 'react/strings/forms' },
  locales: { from: 'src/react/strings/locales/locale-strings.ts', to: 'locales/index' },
  devtools: { from: 'src/react/devtools/index.ts', to: 'devtools/index' },
  token: { from: 'src/server/token/index.ts', to: 'token/index' },
  server: { from: 'src/server/index.ts', to: 'server/index' },
  testing: { from: 'src/testing/index.ts', to: 'testing/index' },
  testingNode: { from: 'src/testing/node/index.ts', to: 'testing/node/index' },
  cli: { from: 'src/cli/index.ts', to: 'cli/index' },
} as const;

const STYLES = {
  styles: 'src/react/styles/index.css',
  'styles/first': 'src/react/styles/first.css',
  'styles/later': 'src/react/styles/later.css',
  'themes/contrast': 'src/react/styles/themes/contrast.css',
  'themes/plum': 'src/react/styles/themes/plum.css',
  'themes/slate': 'src/react/styles/themes/slate.css',
};

type Entry = keyof typeof ENTRIES;

/** The kit's words, a file for each language: an app ships those that it imports. */
const LOCALES = Object.fromEntries(
  ['ar', 'de', 'es', 'fr', 'he', 'ja', 'pt-BR', 'zh-Hans'].map((locale) => [
    `locales/${locale}`,
    `src/react/strings/locales/${locale}.ts`,
  ]),
);
/** Files of the package that other entries share and no app imports. */
const INTERNAL = ['cli', 'schemas', 'answers', 'markdown', 'english', 'forms'];

/**
 * Keeps rooms apart in the output as they are in the source: an import of another room's index stays an import of that room's
 * file. So there is one copy of each class however many entries an app uses, and `'use client'` stands only on the React ones.
 */
function keepRoomsApart(entry: Entry): NonNullable<Options['esbuildPlugins']>[number] {
  const outputs = new Map<string, string>(Object.values(ENTRIES).map(({ from, to }) => [resolve(from), to]));
  return {
    name: 'keep-rooms-apart',
    setup(build) {
      build.onResolve({ filter: /\/(?:index|schemas|english|forms)\.ts$/ }, (args) => {
        const to = args.kind === 'entry-point' ? undefined : outputs.get(resolve(args.resolveDir, args.path));
        if (to === undefined) return undefined;
        const path = relative(dirname(ENTRIES[entry].to), to);
        return { path: `${path.startsWith('.') ? path : `./${path}`}.js`, external: true };
      });
    },
  };
}

function room(entry: Entry, options: Options = {}): Options {
  const { from, to } = ENTRIES[entry];
  return {
    name: entry,
    entry: { [to]: from },
    format: ['esm'],
    target: 'es2022',
    sourcemap: true,
    splitting: false,
    dts: false,
    removeNodeProtocol: false, // `node:sqlite` exists under no other name
    clean: false,
    esbuildPlugins: [keepRoomsApart(entry)],
    ...options,
  };
}

/** What an entry loads later stands beside it: from there, too, the other rooms are where its imports say. */
function later(entry: Entry): Options {
  const chunkNames = `${dirname(ENTRIES[entry].to)}/[name]-[hash]`;
  return { splitting: true, esbuildOptions: (options) => void (options.chunkNames = chunkNames) };
}

// tsup runs these side by side, so none of them may clean: it would delete what another has just written.
rmSync('dist', { recursive: true, force: true });

const types: Options = {
  name: 'types',
  entry: {
    ...LOCALES,
    ...Object.fromEntries(
      Object.entries(ENTRIES)
        .filter(([name]) => !INTERNAL.includes(name))
        .map(([, { from, to }]) => [to, from]),
    ),
  },
  format: ['esm'],
  dts: { only: true },
  clean: false,
};

const node = { platform: 'node', target: 'node22' } as const;

export default defineConfig(async () => {
  await buildBrowserModules();
  // It is imported by an expression, which a compiler has to find types for.
  mkdirSync('dist/styles', { recursive: true });
  writeFileSync('dist/styles/later.css.d.ts', 'export {};\n');
  return [
    room('aiSdk', later('aiSdk')),
    room('agUi'),
    room('openAiChatKit', later('openAiChatKit')),
    room('devtools', { banner: { js: '"use client";' } }),
    room('locales', { entry: { ...LOCALES, [ENTRIES.locales.to]: ENTRIES.locales.from }, splitting: true }),
    room('token'),
    room('testing'),
    room('testingNode', node),
    room('server', node),
    room('cli', node),
    { name: 'css', entry: STYLES, minify: true, clean: false },
    // The demo needs no declarations, and they are the slow half.
    ...(process.env.LATCHKIT_BUILD === 'js' ? [] : [types]),
  ];
});
