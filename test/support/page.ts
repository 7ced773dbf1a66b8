import { build } from 'esbuild';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';

/** What a page of the tests is made of, by path: `/page.js`, `/page.css`, and what is loaded later. */
export type PageFiles = ReadonlyMap<string, string>;

const TYPES: Record<string, string> = { js: 'text/javascript', css: 'text/css' };

/** @param mode what React is built for: `development` says more, and costs more */
export async function buildPage(entry: string, mode: 'production' | 'development' = 'production'): Promise<PageFiles> {
  const { outputFiles } = await build({
    entryPoints: { page: resolve(entry) },
    bundle: true,
    splitting: true,
    write: false,
    outdir: '/',
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    // The sources, by the paths of tsconfig.json; styles have no entry there.
    alias: { 'latchkit/styles.css': resolve('src/react/styles/index.css') },
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    logLevel: 'error',
  });
  return new Map(outputFiles.map(({ path, text }) => [path, text]));
}

/** A document that loads `/page.js`, and `/page.css` where it has styles. */
export function pageHtml(files: PageFiles, body = '<div id="root"></div>'): string {
  const styles = files.has('/page.css') ? '<link rel="stylesheet" href="/page.css">' : '';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Chat</title><link rel="icon" href="data:,">${styles}</head>
<body>${body}<script type="module" src="/page.js"></script></body></html>`;
}

/** Answers with a file of the page, if it is one that was asked for. */
function sendFile(files: PageFiles, request: IncomingMessage, response: ServerResponse): boolean {
  const { pathname } = new URL(request.url ?? '/', 'http://page');
  const file = files.get(pathname);
  if (file === undefined) return false;
  response.writeHead(200, { 'content-type': TYPES[pathname.split('.').at(-1) ?? ''] }).end(file);
  return true;
}

export interface PageServer {
  /** For `chat.attach()`. */
  http: Server;
  port: number;
  url: string;
  stop(): void;
}

/**
 * The page, on a free port.
 * @param otherwise answers what is no file of it; by default every address is the document
 */
export async function servePage(
  files: PageFiles,
  otherwise: (request: IncomingMessage, response: ServerResponse) => void = (_, response) =>
    sendHtml(response, pageHtml(files)),
): Promise<PageServer> {
  const http = createServer((request, response) => {
    if (!sendFile(files, request, response)) otherwise(request, response);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  return {
    http,
    port,
    url: `http://127.0.0.1:${port}`,
    stop() {
      http.closeAllConnections();
      http.close();
    },
  };
}

export function sendHtml(response: ServerResponse, html: string, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'text/html', ...headers }).end(html);
}
