import { parseArgs } from 'node:util';
import { measure, publish } from '../harness/harness.ts';
import { renderReport } from './report.ts';

const { values: args } = parseArgs({
  options: {
    /** A directory with the benchmark of chat kits in it, its packages installed. */
    harness: { type: 'string', default: process.env['LATCHKIT_RENDER_BENCH'] ?? '' },
    only: { type: 'string', default: 'B,D,C,Cw,F,F0,G' },
    peers: { type: 'string', default: 'virtua' },
    reps: { type: 'string', default: '3' },
    write: { type: 'boolean', default: false },
  },
});

const measured = await measure({ directory: args.harness, only: args.only, peers: args.peers, reps: args.reps });
const command = `node bench/render/run.ts --harness <dir> --only ${args.only} --peers ${args.peers} --reps ${args.reps} --write`;
await publish(renderReport(measured, command), 'render.md', args.write);
