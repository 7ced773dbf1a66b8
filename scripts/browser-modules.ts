// Builds the rooms that run in a browser, a file for each source file. An app's bundler then knows of each what it needs: from a few
// large files it takes along what other parts of them load, and makes many small ones of what those share.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { posix, resolve } from 'node:path';
import { rolldown, type Plugin } from 'rolldown';

/** Where an app's imports, and those of the other rooms, come in. */
const ENTRIES = [
  'src/index.ts',
  'src/client/index.ts',
  'src/protocol/index.ts',
  'src/protocol/schemas.ts',
  'src/protocol/answers/index.ts',
  'src/protocol/markdown/index.ts',
  'src/react/strings/english.ts',
  'src/react/strings/forms.ts',
];

/**
 * What a window loads later, all at once: when the page is idle, so that it is there when somebody does something, and when the network
 * is gone. One file for it all, because a bundler gives what two later parts share a file of its own, which the first load pays for.
 */
const EXTRAS = [
  'composer/ComposerQuote.tsx',
  'composer/files/AttachButton.tsx',
  'composer/files/FileChips.tsx',
  'composer/suggestions/Suggestions.tsx',
  'composer/tools/DictateButton.tsx',
  'composer/tools/EmojiButton.tsx',
  'handover/HandoverBar.tsx',
  'messages/LinkPreview.tsx',
  'messages/MessageEditor.tsx',
  'messages/MessageMenu.tsx',
  'messages/MessagePicker.tsx',
  'messages/some-parts.ts',
  'replies/RepliesPanel.tsx',
  'reports/ReportDialog.tsx',
  'reports/ReportsButton.tsx',
  'search/SearchPanel.tsx',
  'threads/LongList.tsx',
  'threads/PinnedBar.tsx',
  'threads/ThreadList.tsx',
  'threads/ThreadMenu.tsx',
  'threads/manage/DeleteDialog.tsx',
  'threads/manage/LeaveDialog.tsx',
  'threads/manage/MembersDialog.tsx',
  'threads/manage/NewThreadDialog.tsx',
  'threads/manage/RenameDialog.tsx',
].map((file) => resolve('src/react/components', file));

const EXTRAS_FILE = resolve('src/react/components/extras.ts');

/** Each `import()` of one of the extras brings all of them. */
const extrasTogether: Plugin = {
  name: 'extras-together',
  async resolveId(source, importer, { kind }) {
    if (kind !== 'dynamic-import') return null;
    const found = await this.resolve(source, importer, { kind, skipSelf: true });
    return found && EXTRAS.includes(found.id) ? EXTRAS_FILE : null;
  },
  load(id) {
    return id === EXTRAS_FILE ? EXTRAS.map((file) => `export * from ${JSON.stringify(file)};`).join('\n') : null;
  },
};

/**
 * marked comes as one file that no bundler takes anything out of. All that reads Markdown is its lexer: built from marked's own sources,
 * which are in its source map, it is a fifth smaller than with the HTML that nobody here makes of it.
 */
async function markedLexer(): Promise<string> {
  const file = createRequire(import.meta.url).resolve('marked');
  const { sources, sourcesContent } = JSON.parse(readFileSync(`${file}.map`, 'utf8')) as Record<string, string[]>;
  const license = /^\/\*\*[^]*?\*\//.exec(readFileSync(file, 'utf8'))?.[0];
  if (!sources || !sourcesContent || !license) throw new Error('marked has no sources or no license to build from');
  const bundle = await rolldown({
    input: '../src/entry.ts',
    plugins: [
      {
        name: 'marked-sources',
        resolveId: (id, importer) => (importer ? posix.join(posix.dirname(importer), id) : id),
        load: (id) =>
          id === '../src/entry.ts'
            ? `export { _Lexer as Lexer } from './Lexer.ts'; export { _Tokenizer as Tokenizer } from './Tokenizer.ts';`
            : sourcesContent[sources.indexOf(id)],
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'esm' });
  return `${license}\n${output[0].code}`;
}

const MARKED_FILE = resolve('src/protocol/markdown/marked-lexer.js');

const lexerAlone: Plugin = {
  name: 'lexer-alone',
  resolveId: (source) => (source === 'marked' ? MARKED_FILE : null),
  load: (id) => (id === MARKED_FILE ? markedLexer() : null),
};

export async function buildBrowserModules(): Promise<void> {
  const bundle = await rolldown({
    input: ENTRIES,
    platform: 'browser',
    external: /^(?!marked$)[^./]/, // packages
    treeshake: false, // an app's bundler does it
    transform: { target: 'es2022' },
    plugins: [extrasTogether, lexerAlone],
  });
  await bundle.write({
    dir: 'dist',
    format: 'esm',
    preserveModules: true,
    preserveModulesRoot: 'src',
    entryFileNames: '[name].js',
    sourcemap: true,
    // Whatever an app takes of React comes in by this entry.
    banner: ({ fileName }) => (fileName === 'index.js' ? '"use client";' : ''),
  });
}
