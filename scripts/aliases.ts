import { fileURLToPath } from 'node:url';

const source = (path: string) => fileURLToPath(new URL(`../src/${path}`, import.meta.url));

/**
 * The package's entries as its source files, so that tests and stories import from `latchkit` as a user does and run what is
 * being written, not what was last built. The list mirrors `exports` in package.json and `paths` in tsconfig.json.
 */
export const aliases = [
  { find: /^latchkit$/, replacement: source('index.ts') },
  { find: /^latchkit\/styles\.css$/, replacement: source('react/styles/index.css') },
  { find: /^latchkit\/styles\/(first|later)\.css$/, replacement: `${source('react/styles/')}$1.css` },
  { find: /^latchkit\/(ai-sdk|ag-ui|openai-chatkit)$/, replacement: `${source('client/backends/')}$1/index.ts` },
  { find: /^latchkit\/devtools$/, replacement: source('react/devtools/index.ts') },
  { find: /^latchkit\/token$/, replacement: source('server/token/index.ts') },
  { find: /^latchkit\/(client|protocol|server|testing)$/, replacement: `${source('')}$1/index.ts` },
  { find: /^latchkit\/testing\/node$/, replacement: source('testing/node/index.ts') },
];
