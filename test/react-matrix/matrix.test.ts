import { build, type Plugin } from 'esbuild';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from './run.ts';

const run = promisify(execFile);
const packageJson = createRequire(import.meta.url)(resolve('package.json')) as {
  devDependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
};
const OURS = packageJson.devDependencies;

/** The ends of what package.json's peer ranges promise, and React 18's last. */
const REACTS = ['18.2.0', '18.3.1', OURS['react'] ?? ''];
const QUERIES = ['5.0.0', OURS['@tanstack/react-query'] ?? ''];
const COMBINATIONS = REACTS.flatMap((react) => QUERIES.map((query) => ({ react, query })));

const SCENARIOS = [
  'T11 StrictMode: one mint for all components',
  'a renewal reaches every component, and the query cache',
  'ChatWindow shows what was said, and sends',
  'signing out ends the token, and empties its place in the cache',
  'the app’s refetching, resetting and clearing cost no mint',
  'T46 T47 a persister writes no token, and what it restores is replaced',
  'unmounting all and coming back works',
  'the server’s markup is hydrated without a warning, with one mint for each of two managers',
];

const folder = mkdtempSync(join(tmpdir(), 'latchkit-matrix-'));

/** Side by side under names with their version; those that this repository has are not installed again. */
function aliasOf(name: string, version: string): string | null {
  return version === OURS[name] ? null : `${name.replaceAll(/[@/]/g, '-').replace(/^-/, '')}-${version}`;
}

const installed = (name: string, versions: string[]) =>
  versions.flatMap((version) => {
    const alias = aliasOf(name, version);
    return alias === null ? [] : [`${alias}@npm:${name}@${version}`];
  });

beforeAll(async () => {
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const packages = [
    ...installed('react', REACTS),
    ...installed('react-dom', REACTS),
    ...installed('@tanstack/react-query', QUERIES),
  ];
  // TanStack Query 5.0.0 came before React 19 and does not name it as a peer; people force that combination.
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', '--legacy-peer-deps'];
  await run('npm', ['install', ...quiet, ...packages], { cwd: folder });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Gives everybody, the packages themselves too, the one React and the one TanStack Query of a combination. */
function versions(combination: Record<string, string>): Plugin {
  return {
    name: 'versions',
    setup({ onResolve, resolve: find }) {
      onResolve({ filter: /^(react|react-dom|@tanstack\/react-query)(\/|$)/ }, async ({ path, kind, pluginData }) => {
        if (pluginData === 'found') return undefined;
        const name = Object.keys(combination).find((each) => path === each || path.startsWith(`${each}/`)) ?? path;
        const alias = aliasOf(name, combination[name] ?? '');
        return find((alias ?? name) + path.slice(name.length), {
          kind,
          resolveDir: alias === null ? resolve('.') : folder,
          pluginData: 'found',
        });
      });
    },
  };
}

interface Play extends Report {
  /** The versions that went into the bundle, of each package by its own package.json. */
  bundled: Record<string, string[]>;
}

function versionsIn(files: string[]): Play['bundled'] {
  const found: Record<string, Set<string>> = {};
  for (const file of files) {
    const root = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(resolve(file))?.[0];
    if (root === undefined) continue;
    const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, string>;
    if (name !== undefined && version !== undefined) (found[name] ??= new Set()).add(version);
  }
  return Object.fromEntries(Object.entries(found).map(([name, versions]) => [name, [...versions]]));
}

async function play({ react, query }: (typeof COMBINATIONS)[number]): Promise<Play> {
  const outdir = join(folder, `react-${react}-query-${query}`);
  const { metafile } = await build({
    entryPoints: ['server.tsx', 'page.tsx'].map((name) => resolve('test/react-matrix', name)),
    bundle: true,
    metafile: true,
    outdir,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    jsx: 'automatic',
    // React 18's files for Node are CommonJS, and ask for Node's own modules.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    // What people install, not the sources that tsconfig.json's paths name.
    tsconfigRaw: '{}',
    alias: { latchkit: resolve('dist/index.js'), 'latchkit/testing': resolve('dist/testing/index.js') },
    plugins: [versions({ react, 'react-dom': react, '@tanstack/react-query': query })],
    logLevel: 'error',
  });
  writeFileSync(join(outdir, 'package.json'), '{"type":"module"}');
  const { stdout } = await run(process.execPath, [resolve('test/react-matrix/run.ts'), outdir], {
    env: { ...process.env, NODE_ENV: 'development' },
    maxBuffer: 1e8,
  });
  return { ...(JSON.parse(stdout) as Report), bundled: versionsIn(Object.keys(metafile.inputs)) };
}

test('the matrix reaches down to what package.json promises', () => {
  for (const [name, versions] of [
    ['react', REACTS],
    ['react-dom', REACTS],
    ['@tanstack/react-query', QUERIES],
  ] as const) {
    const lowest = /\d+\.\d+\.\d+/.exec(packageJson.peerDependencies[name] ?? '')?.[0];
    expect(versions).toContain(lowest);
  }
});

describe.each(COMBINATIONS)('React $react with TanStack Query $query', (combination) => {
  let report: Play;

  beforeAll(async () => {
    report = await play(combination);
  });

  test('is what runs, once each', () => {
    expect(report.react).toBe(combination.react);
    expect(report.bundled).toMatchObject({
      react: [combination.react],
      'react-dom': [combination.react],
      '@tanstack/react-query': [combination.query],
      '@tanstack/query-core': [combination.query],
    });
    expect(Object.keys(report.results)).toEqual(SCENARIOS);
  });

  test.each(SCENARIOS)('%s', (scenario) => {
    expect(report.results[scenario]).toBeNull();
  });

  test('T48 the server’s render mints nothing, and shows the window without a token', () => {
    expect(report.serverMints).toBe(0);
    expect(report.serverHtml).toContain('lk-window');
    expect(report.serverHtml).toContain('idle 0 null');
  });

  test('React and TanStack Query complain of nothing', () => {
    expect(report.complaints).toEqual([]);
  });
});
