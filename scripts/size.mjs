// Measures what an app loads of each entry: at once, and later, when it needs it. Limits in bytes stand in size-limits.json.
// `node scripts/size.mjs --parts window` measures what has `window` in its name, and says which source file costs what.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { partsOf } from './size-parts.mjs';

const limits = JSON.parse(await readFile(new URL('../size-limits.json', import.meta.url), 'utf8'));
const [showParts, wanted = ''] = [process.argv[2] === '--parts', process.argv[3]];
let failed = false;

for (const limit of limits.filter(({ name }) => name.includes(wanted))) {
  const { name, from, initial, lazy = 0, asItIs = false } = limit;
  const size = asItIs ? { initial: gzip(await readFile(from)), lazy: 0 } : await bundle(limit);
  const over = size.initial > initial || size.lazy > lazy;
  failed ||= over;
  const later = size.lazy > 0 || lazy > 0 ? `, later ${kB(size.lazy)} of ${kB(lazy)}` : '';
  console.log(`${over ? '✗' : '✓'} ${name}: ${kB(size.initial)} of ${kB(initial)}${later}`);
  for (const { part, raw, gzipped } of size.parts ?? []) {
    console.log(`${String(gzipped).padStart(8)} ${String(raw).padStart(7)}  ${part}`);
  }
}
if (failed) {
  console.error(
    'Something has grown over its limit. Load it when it is needed, or say in size-limits.json why it may be larger.',
  );
}
process.exit(failed ? 1 : 0);

/**
 * What `import { use } from 'from'` costs an app whose bundler shakes trees and splits code, as Vite's does. What is loaded later counts
 * as loaded at once where its file's name begins with one of `andLater`.
 */
async function bundle({ from, use = '*', without = [], andLater = [] }) {
  const entry = `\0${from}`;
  const names = use === '*' ? '* as used' : `{ ${use} }`;
  const app = `import ${names} from '${resolve(from)}'; globalThis.used = ${use === '*' ? 'used' : `[${use}]`};`;
  const bundled = await rolldown({
    input: entry,
    preserveEntrySignatures: false, // an app's entry exports nothing, so what lazy parts share with it stays in it
    external: (id) => without.some((name) => id === name || id.startsWith(`${name}/`)),
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? app : showParts ? withMap(id) : null),
      },
    ],
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    logLevel: 'silent',
  });
  const { output } = await bundled.generate({ format: 'esm', minify: true, sourcemap: showParts && 'hidden' });
  const chunks = new Map(output.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk]));
  const needed = ({ isEntry, fileName }) => isEntry || andLater.some((name) => fileName.startsWith(`${name}-`));
  const atOnce = new Set([...chunks.values()].filter(needed).map(({ fileName }) => fileName));
  for (const file of atOnce) for (const other of chunks.get(file).imports) if (chunks.has(other)) atOnce.add(other);
  const size = { initial: 0, lazy: 0 };
  for (const { fileName, code } of chunks.values()) size[atOnce.has(fileName) ? 'initial' : 'lazy'] += gzip(code);
  if (!showParts) return size;
  return {
    ...size,
    parts: partsOf(
      [...atOnce].map((file) => chunks.get(file)),
      gzip,
    ),
  };
}

/** A file of ours with its source map, so that what it was built from is named. */
async function withMap(id) {
  const map = await readFile(`${id}.map`, 'utf8').catch(() => null);
  return map === null || id.includes('node_modules')
    ? null
    : { code: await readFile(id, 'utf8'), map: JSON.parse(map) };
}

function gzip(contents) {
  return gzipSync(contents, { level: 9 }).length;
}

function kB(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
