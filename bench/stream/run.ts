import process from 'node:process';
import { parseArgs } from 'node:util';
import { measure, publish } from '../harness/harness.ts';
import { curveReport, streamReport } from './report.ts';

/** The longest answer is to come within the 25 s that the benchmark gives. */
const CURVE_PER_SECOND = 4_000;

const { values: args } = parseArgs({
  options: {
    /** A directory with the benchmark of chat kits in it, its packages installed. */
    harness: { type: 'string', default: process.env['LATCHKIT_RENDER_BENCH'] ?? '' },
    only: { type: 'string', default: 'E,Eobs,Eslow' },
    peers: { type: 'string', default: 'react-plain,vanilla?blocks=1,ai-sdk,assistant-ui,chatscope' },
    threads: { type: 'string', default: '200,5000' },
    /** Measures answers of these lengths, by LatchKit alone, in place of the peers; with commas between. */
    curve: { type: 'string', default: '' },
    reps: { type: 'string', default: '3' },
    write: { type: 'boolean', default: false },
  },
});

if (args.curve !== '') {
  const lengths = args.curve.split(',').map(Number);
  const answers = { lengths, perSecond: CURVE_PER_SECOND };
  const curve = await measure({
    directory: args.harness,
    only: 'E',
    peers: '',
    reps: args.reps,
    threads: [200],
    answers,
  });
  const command = `node bench/stream/run.ts --harness <dir> --curve ${args.curve} --reps ${args.reps} --write`;
  await publish(curveReport(curve, command, CURVE_PER_SECOND), 'stream-curve.md', args.write);
  process.exit();
}
const measured = await measure({
  directory: args.harness,
  only: args.only,
  peers: args.peers,
  reps: args.reps,
  threads: args.threads.split(',').map(Number),
});
const command = `node bench/stream/run.ts --harness <dir> --only ${args.only} --peers ${args.peers} --threads ${args.threads} --reps ${args.reps} --write`;
await publish(streamReport(measured, command), 'stream.md', args.write);
