/**
 * Random AG-UI runs, whole ones and damaged ones, through the kit and through AG-UI's own client: `node bench/answers/ag-ui.ts [runs] [seed]`.
 * Writes bench/results/ag-ui.md.
 */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { isDeepStrictEqual } from 'node:util';
import { readByAgUi, readByKit } from '../../test/support/ag-ui-oracle.ts';
import { damaged, randomRun } from '../../test/support/ag-ui-runs.ts';
import { Random } from '../../test/support/Random.ts';

const [runs = 100_000, seed = 20_261_129] = process.argv.slice(2).map(Number);
const number = (value: number) => value.toLocaleString('en-GB');
// The client says on the console what it refuses.
console.warn = () => {};
console.error = () => {};

function differs(index: number, why: string): never {
  process.stderr.write(`seed ${seed + index} differs: ${why}\n`);
  process.exit(1);
}

let events = 0;
for (let index = 0; index < runs; index += 1) {
  const run = randomRun(new Random(seed + index), `r${index}`);
  events += run.length;
  const [agent, kit] = [await readByAgUi(run), readByKit(run)];
  if (agent.error !== null || kit.error !== null) differs(index, `${agent.error} · ${kit.error}`);
  if (!isDeepStrictEqual([kit.messages, kit.state], [agent.messages, agent.state])) differs(index, 'messages or state');
}
let refused = 0;
for (let index = 0; index < runs; index += 1) {
  const random = new Random(seed + index);
  const run = damaged(random, randomRun(random, `r${index}`));
  const [agent, kit] = [await readByAgUi(run), readByKit(run)];
  if ((agent.error === null) !== (kit.error === null)) differs(index, `${agent.error} · ${kit.error}`);
  if (agent.error !== null) refused += 1;
}
const report = `# AG-UI: the kit beside AG-UI's own client

\`node bench/answers/ag-ui.ts ${runs} ${seed}\`: random runs (texts, reasoning, calls with results, chunks, activity, state, snapshots, custom and raw events, steps), each read by the kit and by \`HttpAgent\` of \`@ag-ui/client\` 1.0.0. Of a whole run, messages and state must be equal; of one that is damaged in one place (an event is missing, moved or doubled), both must refuse it or both take it.

| Runs | Count | Of them refused by both | Differences |
| --- | --- | --- | --- |
| whole, ${number(events)} events | ${number(runs)} | 0 | 0 |
| damaged | ${number(runs)} | ${number(refused)} | 0 |

Seed ${seed}, Node ${process.version}.
`;
writeFileSync(new URL('../results/ag-ui.md', import.meta.url), report);
process.stdout.write(report);
