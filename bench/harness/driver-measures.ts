import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright';
import type { Run } from './harness.ts';

/** How many mounts come before those that are measured: what a page loads when it has nothing else to do, and fills its caches with, comes once. */
const WARM_UP = 60;
const CYCLES = 50;
/** A measurement that takes longer than this is none. */
const LIMIT_MS = 90_000;
const SLOW_PER_SECOND = 200;

const TYPES: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

export interface DriverOptions {
  directory: string;
  names: readonly string[];
  reps: number;
  /** Messages in the thread before an answer streams. */
  thread: number;
  /** How long the answer is, in tokens. */
  tokens: number;
  /** How many come per second in `E` and `Eobs`. */
  perSecond: number;
  launch: { executablePath?: string; env?: Record<string, string | undefined> };
}

interface Opened {
  page: Page;
  cdp: CDPSession;
  /** A function of the benchmark's driver in the page. */
  drive: (name: string, ...given: unknown[]) => Promise<Record<string, unknown>>;
}

const MEASURES: Record<string, (opened: Opened, options: DriverOptions) => Promise<Record<string, unknown>>> = {
  async E(opened, { thread, tokens, perSecond: perSec }) {
    await expectAnswers(opened);
    await opened.drive('mount', thread);
    return busy(opened, () => opened.drive('stream', { tokens, perSec }));
  },
  async Eobs(opened, { thread, tokens, perSecond: perSec }) {
    const { drive } = opened;
    await expectAnswers(opened);
    await drive('mount', thread);
    return drive('stream', { tokens, perSec, observe: true });
  },
  async Eslow(opened, { thread, tokens }) {
    await expectAnswers(opened);
    await opened.drive('mount', thread);
    return busy(opened, () => opened.drive('stream', { tokens, perSec: SLOW_PER_SECOND }));
  },
  async G({ drive, cdp }) {
    await drive('cycle', { n: 200, times: WARM_UP });
    const before = { heap: await heap(cdp), ...(await cdp.send('Memory.getDOMCounters')) };
    await drive('cycle', { n: 200, times: CYCLES });
    const after = { heap: await heap(cdp), ...(await cdp.send('Memory.getDOMCounters')) };
    return {
      growthKB: (after.heap - before.heap) / 1024,
      nodes: after.nodes - before.nodes,
      listeners: after.jsEventListeners - before.jsEventListeners,
    };
  },
};

/** Whoever can be told that a conversation is with a model is told so. */
async function expectAnswers({ page }: Opened): Promise<void> {
  await page.evaluate('window.bench.expectAnswers?.()');
}

/** Whether a measure is one of those that have other numbers here than in the benchmark's own program. */
export function isDriven(measure: string): boolean {
  return Object.hasOwn(MEASURES, measure);
}

/**
 * Measures by the benchmark's driver, the part of it that stands in the page and takes its numbers as arguments; its program has one of
 * each. A fresh browser for each measurement, repetitions interleaved.
 */
export async function driveMeasures(measures: readonly string[], options: DriverOptions): Promise<Run[]> {
  const { server, origin } = await serve(options.directory);
  const runs: Run[] = [];
  try {
    for (let rep = 1; rep <= options.reps; rep += 1) {
      for (const measure of measures) {
        // Ways to run a contestant, `name?way`, differ in how they show an answer, and in nothing else.
        const specs = options.names.filter((name) => measure.startsWith('E') || !name.includes('?'));
        for (const spec of specs) {
          const run = { spec, measure, rep, ...(await measured(measure, spec, origin, options)) };
          runs.push(run);
          console.log(`${measure} ${spec} #${rep}`, JSON.stringify(run));
        }
      }
    }
  } finally {
    server.close();
  }
  return runs;
}

async function measured(measure: string, spec: string, origin: string, options: DriverOptions) {
  let browser: Browser | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    browser = await chromium.launch({ ...options.launch, chromiumSandbox: false, args: ARGS });
    const opened = await open(browser, spec, origin);
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`It took longer than ${LIMIT_MS / 1_000} s.`)), LIMIT_MS);
    });
    return await Promise.race([MEASURES[measure]!(opened, options), late]);
  } catch (thrown) {
    return { error: thrown instanceof Error ? thrown.message.slice(0, 200) : String(thrown) };
  } finally {
    clearTimeout(timer);
    await browser?.close();
  }
}

/** As the benchmark's own program has them. */
const ARGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-precise-memory-info',
];

async function open(browser: Browser, spec: string, origin: string): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width: 480, height: 800 }, reducedMotion: 'no-preference' });
  const [name, way] = spec.split('?');
  await page.goto(`${origin}/${name}/${way === undefined ? '' : `?${way}`}`);
  await page.waitForFunction('window.__ready');
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'timeTicks' });
  const drive: Opened['drive'] = (called, ...given) =>
    page.evaluate(
      ([fn, args]) =>
        (window as unknown as { __drv: Record<string, (...args: unknown[]) => never> }).__drv[fn]!(...args),
      [called, given] as const,
    );
  return { page, cdp, drive };
}

/** What it gives, with what the main thread did meanwhile, ms. */
async function busy({ cdp }: Opened, work: () => Promise<Record<string, unknown>>) {
  const read = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return new Map(metrics.map(({ name, value }) => [name, value]));
  };
  const before = await read();
  const given = await work();
  const after = await read();
  const ms = (name: string) => Math.round(((after.get(name) ?? NaN) - (before.get(name) ?? NaN)) * 10_000) / 10;
  return {
    ...given,
    threadMs: ms('ThreadTime'),
    taskMs: ms('TaskDuration'),
    scriptMs: ms('ScriptDuration'),
    layoutMs: ms('LayoutDuration'),
    styleMs: ms('RecalcStyleDuration'),
  };
}

async function heap(cdp: CDPSession): Promise<number> {
  for (let times = 0; times < 3; times += 1) await cdp.send('HeapProfiler.collectGarbage');
  return (await cdp.send('Runtime.getHeapUsage')).usedSize;
}

/** The built contestants, each on a page like the one that the benchmark's program makes for it. */
async function serve(directory: string) {
  const server = createServer((request, response) => {
    const [, name = '', ...rest] = new URL(request.url ?? '/', 'http://localhost').pathname.split('/');
    const built = join(directory, 'dist', name, 'bench');
    if (rest.join('') === '' && existsSync(built)) {
      response.setHeader('content-type', 'text/html');
      return response.end(pageOf(name, readdirSync(built)));
    }
    const path = normalize(join(name === 'lib' ? join(directory, 'lib') : built, ...rest));
    if (!path.startsWith(directory) || !existsSync(path) || !statSync(path).isFile()) {
      return response.writeHead(404).end();
    }
    response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
    return createReadStream(path).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function pageOf(name: string, files: readonly string[]): string {
  const sheets = files.filter((file) => file.endsWith('.css'));
  return `<!doctype html><meta charset="utf-8"><title>${name}</title>
${sheets.map((file) => `<link rel="stylesheet" href="/${name}/${file}">`).join('\n')}
<style>
  html, body { margin: 0; height: 100%; }
  body { font: 14px/1.4 "DejaVu Sans", sans-serif; }
  #root { position: relative; width: 480px; height: 800px; overflow: hidden; }
  #root * { pointer-events: auto !important; }
</style>
<div id="root"></div>
<script>window.__t0 = performance.now();</script>
<script type="module">
  await import('/${name}/main.js');
  window.__t1 = performance.now();
  await import('/lib/driver.js');
  window.__ready = 1;
</script>`;
}
