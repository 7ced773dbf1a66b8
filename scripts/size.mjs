// Measures what an app loads of each entry: at once, and later, when it needs it. Limits in bytes stand in size-limits.json.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

const limits = JSON.parse(await readFile(new URL('../size-limits.json', import.meta.url), 'utf8'));
let failed = false;

for (const { name, from, use = '*', without = [], initial, lazy = 0, asItIs = false } of limits) {
  const size = asItIs ? { initial: gzip(await readFile(from)), lazy: 0 } : await bundle(from, use, without);
  const over = size.initial > initial || size.lazy > lazy;
  failed ||= over;
  const later = size.lazy > 0 || lazy > 0 ? `, later ${kB(size.lazy)} of ${kB(lazy)}` : '';
  console.log(`${over ? '✗' : '✓'} ${name}: ${kB(size.initial)} of ${kB(initial)}${later}`);
}
if (failed) {
  console.error(
    'Something has grown over its limit. Load it when it is needed, or say in size-limits.json why it may be larger.',
  );
}
process.exit(failed ? 1 : 0);

/** What `import { use } from 'from'` costs an app whose bundler shakes trees and splits code, as Vite's does. */
async function bundle(from, use, without) {
  const entry = `\0${from}`;
  const names = use === '*' ? `export * from '${resolve(from)}'` : `export { ${use} } from '${resolve(from)}'`;
  const bundled = await rolldown({
    input: entry,
    external: (id) => without.some((name) => id === name || id.startsWith(`${name}/`)),
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? names : null),
      },
    ],
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    logLevel: 'silent',
  });
  const { output } = await bundled.generate({ format: 'esm', minify: true });
  const chunks = new Map(output.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk]));
  const atOnce = new Set(output.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  for (const file of atOnce) for (const other of chunks.get(file).imports) if (chunks.has(other)) atOnce.add(other);
  const size = { initial: 0, lazy: 0 };
  for (const { fileName, code } of chunks.values()) size[atOnce.has(fileName) ? 'initial' : 'lazy'] += gzip(code);
  return size;
}

function gzip(contents) {
  return gzipSync(contents, { level: 9 }).length;
}

function kB(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
