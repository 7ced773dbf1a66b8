// Builds the rooms that run in a browser, a file for each source file. An app's bundler then knows of each what it needs: from a few
// large files it takes along what other parts of them load, and makes many small ones of what those share.
import { resolve } from 'node:path';
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

export async function buildBrowserModules(): Promise<void> {
  const bundle = await rolldown({
    input: ENTRIES,
    platform: 'browser',
    external: /^[^./]/, // packages
    treeshake: false, // an app's bundler does it
    transform: { target: 'es2022' },
    plugins: [extrasTogether],
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
