import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClock } from '../../../test/support/FakeClock.ts';
import { LinkFinder } from './LinkFinder.ts';
import type { Network, ResolvedAddress } from './Network.ts';
import { checkPreviewOptions, type LinkPreviewOptions } from './options.ts';

/** For these tests, the one address of this machine that is public; 127.0.0.1 stays what it is. */
const PUBLIC = '127.0.0.2';
const PRIVATE = '127.0.0.1';

const page = (head: string, body = '') => `<!doctype html><html><head>${head}</head><body>${body}</body></html>`;
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAKUlEQVR42u3NMQEAAAgDoGn/zjOFDyRgGmSbVtDR0dHR0dHR0dHR0dHRqQMOvAHBRf6zXwAAAABJRU5ErkJggg==',
  'base64',
);

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const html =
  (content: string | Buffer, headers: Record<string, string> = {}): Handler =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(content);
  };
const redirect =
  (location: string): Handler =>
  (_, response) =>
    response.writeHead(302, { location }).end();

let servers: Server[] = [];
let finder: LinkFinder;
let clock: FakeClock;
let log: [string, Record<string, unknown> | undefined][];
let counted: string[];
/** What each path answers; `seen` is who asked. */
let routes: Record<string, Handler>;
let seen: IncomingMessage[];
let port: number;

async function listen(host: string, atPort: number, handler: Handler): Promise<number> {
  const server = createServer(handler);
  server.listen(atPort, host);
  await once(server, 'listening');
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

function makeFinder(options: LinkPreviewOptions = {}, network: Partial<Network> = {}, images = false): LinkFinder {
  const loud = (message: string, details?: Record<string, unknown>) => void log.push([message, details]);
  finder = new LinkFinder({
    options: checkPreviewOptions({ ports: [port], ...options }),
    images,
    network: {
      resolve: () => Promise.resolve([{ address: PUBLIC, family: 4 as const }]),
      isPublic: (address) => address === PUBLIC,
      ...network,
    },
    meter: {
      count: (_name, labels) => void counted.push((labels as { outcome: string }).outcome),
      move() {},
      observe() {},
    },
    logger: { error: loud, warn: loud, info: loud, debug: loud },
    clock,
  });
  return finder;
}

const find = (path: string) => finder.find(`http://docs.example:${port}${path}`);
const reasons = () => log.map(([, details]) => details?.reason);

beforeEach(async () => {
  servers = [];
  routes = {};
  seen = [];
  log = [];
  counted = [];
  clock = new FakeClock();
  port = await listen(PUBLIC, 0, (request, response) => {
    seen.push(request);
    const route = routes[(request.url ?? '').split('?')[0]!];
    if (route) route(request, response);
    else response.writeHead(404).end();
  });
  makeFinder();
});
afterEach(() => {
  finder.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

describe('a page', () => {
  it('says what it is, and is told as little as can be of who asks', async () => {
    routes['/'] = html(
      page(`<title>Plain title</title>
        <meta property="og:title" content="Tokens &amp; sessions">
        <meta name="description" content="plain"><meta property="og:description" content="How they\n  live">
        <meta property="og:site_name" content="Docs">`),
    );
    expect(await find('/?key=1#part')).toEqual({
      page: {
        host: 'docs.example',
        siteName: 'Docs',
        title: 'Tokens & sessions',
        description: 'How they live',
        image: null,
      },
      image: null,
    });
    const { method, url, headers } = seen[0]!;
    expect([method, url]).toEqual(['GET', '/?key=1']);
    expect(headers).toEqual({
      host: `docs.example:${port}`,
      accept: 'text/html, application/xhtml+xml',
      'accept-encoding': 'gzip, br',
      'user-agent': 'LatchKit-LinkPreview/1.0',
      connection: 'close',
    });
    expect(counted).toEqual(['found']);
  });

  it('is called by its title alone where it says no more, and by nothing where it says nothing', async () => {
    routes['/title'] = html('<title>\u202eOnly\u0007 this</title><p>no head at all');
    routes['/none'] = html('<p>no head at all');
    expect((await find('/title')).page).toMatchObject({ title: 'Only this', description: null, siteName: null });
    expect((await find('/none')).page).toBeNull();
    expect(counted).toEqual(['found', 'empty']);
  });

  it('is read in its own encoding: of the header, of the page, of a byte order mark', async () => {
    const latin = Buffer.from(page('<meta charset="utf-8"><title>Ma\xdfe</title>'), 'latin1');
    routes['/header'] = html(latin, { 'content-type': 'text/html; charset="ISO-8859-1"' });
    routes['/meta'] = html(
      Buffer.concat([
        Buffer.from('<meta charset="shift_jis"><title>'),
        Buffer.from([0x93, 0xfa, 0x96, 0x7b]),
        Buffer.from('</title>'),
      ]),
      { 'content-type': 'text/html' },
    );
    routes['/bom'] = html(Buffer.from(`\ufeff${page('<title>Größe</title>')}`, 'utf16le'));
    routes['/wrong'] = html(page('<title>Größe</title>'), { 'content-type': 'text/html; charset=no-such-thing' });
    const titles = await Promise.all(
      ['/header', '/meta', '/bom', '/wrong'].map(async (path) => (await find(path)).page?.title),
    );
    expect(titles).toEqual(['Maße', '日本', 'Größe', 'Größe']);
  });

  it('is unpacked', async () => {
    routes['/gzip'] = html(gzipSync(page('<title>Packed</title>')), { 'content-encoding': 'gzip' });
    routes['/br'] = html(brotliCompressSync(page('<title>Packed</title>')), { 'content-encoding': 'br' });
    routes['/other'] = html(page('<title>Packed</title>'), { 'content-encoding': 'zstd' });
    expect((await find('/gzip')).page?.title).toBe('Packed');
    expect((await find('/br')).page?.title).toBe('Packed');
    expect((await find('/other')).page).toBeNull();
    expect(reasons()).toEqual(['wrong_encoding']);
  });

  it('is followed through three redirects and no more', async () => {
    routes['/'] = html(page('<title>There</title>'));
    for (const step of [1, 2, 3, 4]) routes[`/${step}`] = redirect(step === 1 ? '/' : `/${step - 1}`);
    expect((await find('/3')).page?.title).toBe('There');
    expect((await find('/4')).page).toBeNull();
    expect(reasons()).toEqual(['too_many_redirects']);
  });

  it.each([
    ['no HTML', { 'content-type': 'application/json' }, 200, 'wrong_type'],
    ['of no type', { 'content-type': '' }, 200, 'wrong_type'],
    ['not there', { 'content-type': 'text/html' }, 404, 'bad_status'],
    ['a redirect to nowhere', { location: 'http://[' }, 302, 'bad_status'],
  ])('that is %s has no preview', async (_, headers, status, reason) => {
    routes['/x'] = (_request, response) =>
      response.writeHead(status, headers as Record<string, string>).end('<title>x</title>');
    expect((await find('/x')).page).toBeNull();
    expect(reasons()).toEqual([reason]);
    expect(counted).toEqual(['failed']);
  });
});

describe('the way into the private network', () => {
  let asked: number;
  beforeEach(async () => {
    asked = 0;
    await listen(PRIVATE, port, (_, response) => {
      asked += 1;
      response.writeHead(200, { 'content-type': 'text/html' }).end('<title>secret</title>');
    });
  });

  it.each([
    ['its address', () => `http://${PRIVATE}:${port}/`, 'refused_address'],
    ['another spelling of it', () => `http://2130706433:${port}/`, 'refused_address'],
    ['a name of its own', () => `http://localhost:${port}/`, 'refused_name'],
    ['another scheme', () => 'file:///etc/passwd', 'refused_scheme'],
    ['another port', () => 'http://docs.example:22/', 'refused_port'],
    ['credentials', () => `http://me:pass@docs.example:${port}/`, 'refused_credentials'],
  ])('is no redirect to %s', async (_, location, reason) => {
    routes['/x'] = redirect(location());
    expect((await find('/x')).page).toBeNull();
    expect(reasons()).toEqual([reason]);
    expect(asked).toBe(0);
  });

  it('is no name that is public when it is checked and private when it is used', async () => {
    const answers: ResolvedAddress[][] = [[{ address: PUBLIC, family: 4 }], [{ address: PRIVATE, family: 4 }]];
    const resolve = vi.fn(() => Promise.resolve(answers.shift() ?? []));
    makeFinder({}, { resolve });
    routes['/'] = html(page('<title>public</title>'));
    expect((await find('/')).page?.title).toBe('public');
    expect(resolve).toHaveBeenCalledTimes(1);
    // The next request asks anew, and is refused.
    expect((await find('/2')).page).toBeNull();
    expect([reasons(), asked]).toEqual([['refused_address'], 0]);
  });

  it('is no picture of a page', async () => {
    makeFinder({}, {}, true);
    routes['/'] = html(page(`<title>T</title><meta property="og:image" content="http://${PRIVATE}:${port}/x.png">`));
    expect(await find('/')).toMatchObject({ page: { title: 'T' }, image: null });
    expect([reasons(), asked]).toEqual([['refused_address'], 0]);
  });
});

describe('what would hold the server up', () => {
  it('is cut off: a body that drips', async () => {
    const dripping = new Promise<void>((resolve) => {
      routes['/'] = (_, response) => {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.write('<title>so');
        resolve();
      };
    });
    const found = find('/');
    await dripping;
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    clock.advance(8_000);
    expect((await found).page).toBeNull();
    expect(reasons()).toEqual(['too_late']);
    await vi.waitFor(() => expect(seen[0]!.socket.destroyed).toBe(true));
  });

  it('is cut off: a server that never answers, and a name server that never does', async () => {
    routes['/'] = () => {};
    const found = find('/');
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    clock.advance(8_000);
    expect((await found).page).toBeNull();
    makeFinder({}, { resolve: () => new Promise(() => {}) });
    const other = find('/');
    await Promise.resolve();
    clock.advance(8_000);
    expect((await other).page).toBeNull();
    expect(reasons()).toEqual(['too_late', 'too_late']);
  });

  it('does it no harm: a connection that breaks, in the head and in the body, and an answer that is none', async () => {
    routes['/head'] = (request) => void request.socket.destroy();
    routes['/body'] = (request, response) => {
      response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip', 'content-length': '9999' });
      response.write(gzipSync('<title>x').subarray(0, 12), () => request.socket.destroy());
    };
    routes['/upgrade'] = (request) =>
      void request.socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n');
    routes['/noise'] = (request) => void request.socket.end('\0\0\0 no HTTP at all\r\n\r\n');
    for (const path of ['/head', '/body', '/upgrade', '/noise']) expect((await find(path)).page).toBeNull();
    expect(reasons()).toEqual(['unreachable', 'unreachable', 'unreachable', 'unreachable']);
  });

  it('is not read: a hundred megabytes', async () => {
    let sent = 0;
    routes['/'] = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      const piece = Buffer.alloc(65_536, 'x');
      const more = (): void => {
        while (sent < 104_857_600) {
          sent += piece.length;
          if (!response.write(piece)) return void response.once('drain', more);
        }
        response.end();
      };
      response.write('<meta property="og:title" content="Long">');
      more();
    };
    // What it said by then is what it says.
    expect((await find('/')).page?.title).toBe('Long');
    expect(sent).toBeLessThan(16_777_216);
  });

  it('is not unpacked: a bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(134_217_728, ' '), { level: 9 });
    expect(bomb.length).toBeLessThan(524_288);
    routes['/'] = html(bomb, { 'content-encoding': 'gzip' });
    const before = process.memoryUsage().arrayBuffers;
    expect((await find('/')).page).toBeNull();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(67_108_864);
    expect(counted).toEqual(['empty']);
  });

  it('is not read further than its head', async () => {
    routes['/'] = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.write(page('<title>Head</title>', 'x'.repeat(2_000)).replace('</body></html>', ''));
    };
    // It never ends.
    expect((await find('/')).page?.title).toBe('Head');
  });

  it('waits: more than so many at once', async () => {
    makeFinder({ concurrency: 2 });
    const waiting: (() => void)[] = [];
    routes['/'] = (_, response) => void waiting.push(() => html(page('<title>x</title>'))(seen[0]!, response));
    const found = [1, 2, 3].map((each) => find(`/?${each}`));
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    waiting[0]!();
    await vi.waitFor(() => expect(waiting).toHaveLength(3));
    waiting[1]!();
    waiting[2]!();
    expect((await Promise.all(found)).map((each) => each.page?.title)).toEqual(['x', 'x', 'x']);
  });

  it('ends with the server', async () => {
    makeFinder({ concurrency: 1 });
    routes['/'] = () => {};
    const found = [find('/?1'), find('/?2')];
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    finder.close();
    expect((await Promise.all(found)).map((each) => each.page)).toEqual([null, null]);
    expect(seen).toHaveLength(1);
  });
});

describe('what was found', () => {
  it('is known to all who ask meanwhile, and for an hour', async () => {
    routes['/'] = html(page('<title>x</title>'));
    await Promise.all([find('/'), find('/#other')]);
    await find('/');
    expect(seen).toHaveLength(1);
    clock.advance(3_600_000);
    await find('/');
    expect(seen).toHaveLength(2);
    expect(counted.sort()).toEqual(['found', 'found', 'known', 'known']);
  });

  it('was nothing: is known for five minutes', async () => {
    await find('/gone');
    await find('/gone');
    expect(seen).toHaveLength(1);
    clock.advance(300_000);
    await find('/gone');
    expect(seen).toHaveLength(2);
  });

  it('has a picture, by its bytes', async () => {
    makeFinder({}, {}, true);
    routes['/'] = html(page('<title>x</title><meta property="og:image" content="/cover">'));
    routes['/svg'] = html(page('<title>x</title><meta property="og:image" content="/evil.png">'));
    routes['/large'] = html(page('<title>x</title><meta property="og:image" content="/large.png">'));
    routes['/cover'] = (_, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(PNG);
    routes['/evil.png'] = (_, response) =>
      response.writeHead(200, { 'content-type': 'image/png' }).end('<svg xmlns="http://www.w3.org/2000/svg"/>');
    routes['/large.png'] = (_, response) => response.end(Buffer.concat([PNG, Buffer.alloc(1_048_576)]));
    expect((await find('/')).image).toEqual({
      bytes: PNG,
      mediaType: 'image/png',
      extension: 'png',
      width: 32,
      height: 32,
    });
    expect((await find('/svg')).image).toBeNull();
    expect((await find('/large')).image).toBeNull();
    expect(reasons()).toEqual(['wrong_type', 'too_large']);
  });

  it('is not in a log with its query', async () => {
    await find('/gone?token=hunter2#hunter3');
    expect(log).toEqual([
      [
        'A link has no preview.',
        {
          event: 'preview.failed',
          what: 'page',
          reason: 'bad_status',
          url: `http://docs.example:${port}/gone?[redacted]`,
        },
      ],
    ]);
  });
});
