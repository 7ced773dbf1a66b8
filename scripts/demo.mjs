// `npm run demo`: everything from a fresh clone to an address to open.
import { createServer } from 'node:net';
import process from 'node:process';
import { bootstrap, fail, run } from './bootstrap.mjs';
import { buildDemo } from './build-demo.mjs';

const DEFAULT_PORT = 4310;

function chosenPort() {
  const text = process.env.PORT ?? String(DEFAULT_PORT);
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  return fail(`PORT must be a number from 1 to 65535, not "${text}".`);
}

/** Asked before the installation and the build, so that nobody waits a minute to hear it. */
function ensureFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => {
      if (error.code === 'EADDRINUSE') {
        fail(`Port ${port} is taken by another program. Choose another:\n\n  PORT=${port + 1} npm run demo`);
      }
      if (error.code === 'EACCES')
        fail(`This user may not listen on port ${port}. Choose one above 1023: PORT=4310 npm run demo`);
      fail(`Cannot listen on port ${port}: ${error.message}`);
    });
    probe.listen(port, () => probe.close(resolve));
  });
}

const port = chosenPort();
await ensureFree(port);
await bootstrap();
await buildDemo();
process.exit(await run('node', ['examples/demo/server.ts'], { env: { PORT: String(port) } }));
