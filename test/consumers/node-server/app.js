// Stands for the reader's own app: it serves the built page and knows who is signed in.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = process.env.PAGE_FOLDER ?? '.';
const TYPES = { html: 'text/html', js: 'text/javascript', css: 'text/css' };

/** @type {import('node:http').RequestListener} */
export function app(request, response) {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const file = pathname === '/' ? '/index.html' : pathname;
  const extension = /** @type {keyof typeof TYPES} */ (file.split('.').pop());
  try {
    const body = readFileSync(join(page, file));
    const user = searchParams.get('user');
    response.writeHead(200, {
      'content-type': TYPES[extension] ?? 'application/octet-stream',
      ...(user !== null && { 'set-cookie': `user=${user}; HttpOnly; SameSite=Lax` }),
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}

/** @param {Request} request */
export function userOf(request) {
  const id = /(?:^|; )user=([a-z]+)/.exec(request.headers.get('cookie') ?? '')?.[1];
  return id === undefined ? null : { id };
}
