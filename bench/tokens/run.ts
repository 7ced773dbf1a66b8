import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import * as prettier from 'prettier';
import type { Contestant } from './Contestant.ts';
import { callingContestants } from './contestants/expired-calls.ts';
import { latchkit } from './contestants/latchkit.ts';
import { supabase } from './contestants/supabase.ts';
import { tanstackDefault, tanstackInterval } from './contestants/tanstack-query.ts';
import type { Figure } from './Figure.ts';
import { notes } from './notes.ts';
import { renderReport } from './report.ts';
import { expiredCalls } from './scenarios/expired-calls.ts';
import { simulatedScenarios } from './scenarios/simulated.ts';

const ROOT = new URL('../../', import.meta.url);
const RESULT = new URL('bench/results/tokens.md', ROOT);

const { values: args } = parseArgs({
  options: { write: { type: 'boolean', default: false }, seed: { type: 'string', default: '1' } },
});
const seed = Number(args.seed);
if (!Number.isSafeInteger(seed)) throw new Error(`--seed wants a whole number, not ${args.seed}.`);

const contestants: Contestant[] = [latchkit, tanstackInterval, tanstackDefault, supabase];
const figures: Figure[] = [];
for (const scenario of simulatedScenarios) await note(scenario(contestants, seed));
await note(expiredCalls(callingContestants, seed));

const everybody = [...contestants, ...callingContestants];
const report = renderReport({
  figures,
  contestants: [...new Set(everybody.map(({ name }) => name))],
  seed,
  versions: new Map([...new Set(everybody.flatMap(({ packages }) => packages))].map((name) => [name, versionOf(name)])),
  notes,
});
console.log(`\n${report}`);
if (args.write) {
  const options = await prettier.resolveConfig(RESULT);
  await mkdir(new URL('.', RESULT), { recursive: true });
  await writeFile(RESULT, await prettier.format(report, { ...options, parser: 'markdown' }));
}

/** Shows at once what was measured: the whole run takes minutes. */
async function note(scenario: Promise<Figure[]>): Promise<void> {
  for (const figure of await scenario) {
    figures.push(figure);
    console.error(figure.id, JSON.stringify(figure.values));
  }
}

function versionOf(name: string): string {
  const folder = name === 'latchkit' ? ROOT : new URL(`node_modules/${name}/`, ROOT);
  const { version } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as { version: string };
  return version;
}
