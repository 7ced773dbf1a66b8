// `npm test`: every test there is. Arguments go on to vitest: `npm test -- --project unit`.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { bootstrap, root, run } from './bootstrap.mjs';
import { buildDemo } from './build-demo.mjs';

const args = process.argv.slice(2);
const report = join(root, 'node_modules', '.cache', 'vitest-report.json');

await bootstrap();
await buildDemo({ declarations: true }); // the tests across rooms run what people install
mkdirSync(join(root, 'node_modules', '.cache'), { recursive: true });
rmSync(report, { force: true });
const code = await run('vitest', [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...args,
]);

if (existsSync(report)) {
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
  const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
  console.log(`\n${numPassedTests} passed, ${numFailedTests} failed${skipped}`);
}
process.exit(code);
