import { parseArgs } from 'node:util';
import { measure, publish } from '../harness/harness.ts';
import { streamReport } from './report.ts';

const { values: args } = parseArgs({
  options: {
    /** A directory with the benchmark of chat kits in it, its packages installed. */
    harness: { type: 'string', default: process.env['LATCHKIT_RENDER_BENCH'] ?? '' },
    only: { type: 'string', default: 'E,Eobs,Eslow' },
    peers: { type: 'string', default: 'react-plain,react-markdown,ai-sdk,assistant-ui,chatscope' },
    threads: { type: 'string', default: '200,5000' },
    reps: { type: 'string', default: '3' },
    write: { type: 'boolean', default: false },
  },
});

const measured = await measure({
  directory: args.harness,
  only: args.only,
  peers: args.peers,
  reps: args.reps,
  threads: args.threads.split(',').map(Number),
});
const command = `node bench/stream/run.ts --harness <dir> --only ${args.only} --peers ${args.peers} --threads ${args.threads} --reps ${args.reps} --write`;
await publish(streamReport(measured, command), 'stream.md', args.write);
