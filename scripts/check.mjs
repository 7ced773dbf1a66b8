// `npm run check`: the one gate before a commit. Steps that do not need each other run side by side.
import process from 'node:process';
import { bootstrap, runQuietly } from './bootstrap.mjs';

const STYLE_SHEETS = [
  'styles.css',
  ...['first', 'later'].map((part) => `styles/${part}.css`),
  ...['contrast', 'plum', 'slate'].map((theme) => `themes/${theme}.css`),
];

/** Each lane is a list of steps in order; the lanes run side by side, one per core of a small machine. */
const LANES = [
  [
    ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
    ['types', 'tsc', ['-p', '.']],
    ['import rules between the rooms', 'depcruise', ['--config', '.dependency-cruiser.cjs', 'src']],
    ['unused exports and dependencies', 'knip', ['--no-progress']],
    ['lint', 'eslint', ['.', '--max-warnings', '0']],
  ],
  [
    ['build', 'tsup', ['--silent']],
    ['package contents (publint)', 'publint', ['--strict']],
    // Style sheets have no types.
    [
      'package types (attw)',
      'attw',
      ['--pack', '.', '--profile', 'esm-only', '--exclude-entrypoints', ...STYLE_SHEETS],
    ],
    ['size', 'node', ['scripts/size.mjs']],
  ],
];

await bootstrap();
const started = performance.now();
let failed = 0;

async function step([name, command, args]) {
  const begun = performance.now();
  const { code, output } = await runQuietly(command, args);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)`);
  if (code === 0) {
    if (name === 'size') console.log(output);
    return;
  }
  failed += 1;
  console.log(output);
}

await Promise.all(
  LANES.map(async (lane) => {
    for (const each of lane) await step(each);
  }),
);

console.log(
  `${failed === 0 ? 'All checks passed' : `${failed} of the checks failed`} in ${((performance.now() - started) / 1000).toFixed(0)} s.`,
);
process.exit(failed === 0 ? 0 : 1);
