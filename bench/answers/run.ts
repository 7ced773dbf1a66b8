/**
 * Random valid chunk sequences through the kit's reducer and through the AI SDK's own reader: `node bench/answers/run.ts [sequences] [seed]`.
 * Writes bench/results/answer-parts.md.
 */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { isDeepStrictEqual } from 'node:util';
import { randomChunks, type SdkVersion } from '../../test/conformance/ui-message-stream/chunks.ts';
import { readByKit, readBySdk } from '../../test/conformance/ui-message-stream/oracle.ts';
import { Random } from '../../test/support/Random.ts';

const [sequences = 100_000, seed = 20_261_129] = process.argv.slice(2).map(Number);
const number = (value: number) => value.toLocaleString('en-GB');
const lines: string[] = [];
for (const version of [6, 7] as const satisfies SdkVersion[]) {
  let chunkCount = 0;
  for (let index = 0; index < sequences; index += 1) {
    const chunks = randomChunks(new Random(seed + index), version);
    chunkCount += chunks.length;
    if (isDeepStrictEqual(readByKit(chunks, 1 + (index % 7)), await readBySdk(chunks, version))) continue;
    process.stderr.write(`ai ${version}: seed ${seed + index} differs\n`);
    process.exit(1);
  }
  lines.push(`| ${version === 6 ? '6.0.326' : '7.0.173'} | ${number(sequences)} | ${number(chunkCount)} | 0 |`);
}
const report = `# Answers: the kit's reducer beside the AI SDK's

\`node bench/answers/run.ts ${sequences} ${seed}\`: random valid UI Message Streams (texts, reasoning, tools with approvals and errors, sources, files, data, steps), each read by \`AnswerParts\` and by \`readUIMessageStream\`; the messages must be equal.

| ai | Sequences | Chunks | Differences |
| --- | --- | --- | --- |
${lines.join('\n')}

Seed ${seed}, Node ${process.version}. Not compared: a wrong input of a tool that is known before (\`tool-input-error\`), which version 6 keeps as \`rawInput\` and version 7, as the kit, as \`input\`.
`;
writeFileSync(new URL('../results/answer-parts.md', import.meta.url), report);
process.stdout.write(report);
