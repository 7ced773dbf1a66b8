// A child process of matrix.test.ts: `node run.ts <folder with server.js and page.js>`. Renders on the server before there is a
// page, as React decides at import what it is, then makes a page and plays the scenarios in it. Prints one JSON report.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { JSDOM } from 'jsdom';

export interface Report {
  react: string;
  serverHtml: string;
  serverMints: number;
  /** Of each scenario: what went wrong, else null. */
  results: Record<string, string | null>;
  /** What went to `console.error` and `console.warn`, by React above all. */
  complaints: string[];
}

interface ServerModule {
  renderOnServer: (userId: string) => Promise<{ html: string; mints: number }>;
}

interface PageModule {
  version: string;
  scenarios: Record<string, (html: string) => Promise<unknown>>;
}

/** Node has some of these too, but a page's listeners take only their own kind. */
const THE_PAGES_OWN = ['AbortController', 'AbortSignal', 'CustomEvent', 'Event', 'EventTarget', 'navigator'];

function openPage(): void {
  const { window } = new JSDOM('<!doctype html><body></body>', { url: 'http://localhost/', pretendToBeVisual: true });
  for (const name of Object.getOwnPropertyNames(window)) {
    if (name in globalThis && !THE_PAGES_OWN.includes(name)) continue;
    Object.defineProperty(globalThis, name, { value: window[name], configurable: true, writable: true });
  }
}

const complaints: string[] = [];
for (const level of ['error', 'warn'] as const) {
  console[level] = (...words: unknown[]) => void complaints.push(`${level}: ${words.map(String).join(' ')}`);
}
process.on('uncaughtException', (error) => complaints.push(`uncaught: ${error.stack}`));
process.on('unhandledRejection', (reason) => complaints.push(`unhandled: ${String(reason)}`));

const folder = process.argv[2] ?? '.';
const load = (name: string) => import(pathToFileURL(join(folder, name)).href) as Promise<unknown>;

const { renderOnServer } = (await load('server.js')) as ServerModule;
const { html, mints } = await renderOnServer('hydrated');

openPage();
const { scenarios, version } = (await load('page.js')) as PageModule;
const results: Report['results'] = {};
for (const [name, play] of Object.entries(scenarios)) {
  try {
    await play(html);
    results[name] = null;
  } catch (error) {
    results[name] = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  document.body.replaceChildren();
}

const report: Report = { react: version, serverHtml: html, serverMints: mints, results, complaints };
process.stdout.write(JSON.stringify(report), () => process.exit(0));
