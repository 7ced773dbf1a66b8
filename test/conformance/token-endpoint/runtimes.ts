import { build } from 'esbuild';
import { Miniflare, type Response as WorkerResponse } from 'miniflare';
import { fileURLToPath } from 'node:url';
import { handle } from './harness.ts';

interface Init {
  method: string;
  headers?: Record<string, string>;
  body?: string;
}

/** A place that the harness runs in. */
export interface Runtime {
  name: string;
  start(): Promise<void>;
  send(path: string, init: Init): Promise<Response | WorkerResponse>;
  stop(): Promise<void>;
}

const ORIGIN = 'http://app.example';

export const node: Runtime = {
  name: `Node ${process.versions.node}`,
  start: () => Promise.resolve(),
  send: (path, init) => handle(new Request(`${ORIGIN}${path}`, init)),
  stop: () => Promise.resolve(),
};

/** Cloudflare's runtime itself, without any of Node; nothing leaves the machine. */
export function createWorkerd(): Runtime {
  let runtime: Miniflare | undefined;
  return {
    name: 'workerd',
    async start() {
      const { outputFiles } = await build({
        stdin: {
          contents: `import { handle } from './harness.ts'; export default { fetch: handle };`,
          resolveDir: fileURLToPath(new URL('.', import.meta.url)),
          loader: 'ts',
        },
        bundle: true,
        write: false,
        format: 'esm',
        platform: 'neutral',
        mainFields: ['module', 'main'],
        conditions: ['workerd', 'worker', 'browser'],
      });
      runtime = new Miniflare({
        modules: true,
        script: outputFiles[0]?.text ?? '',
        compatibilityDate: '2026-01-01',
        cf: false,
      });
      await runtime.ready;
    },
    send(path, init) {
      if (!runtime) throw new Error('start() comes first.');
      return runtime.dispatchFetch(`${ORIGIN}${path}`, init);
    },
    async stop() {
      await runtime?.dispose();
    },
  };
}
