import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createChatServer, type ChatServer } from '../../src/server/index.ts';
import { chromiumLaunch } from '../../scripts/chromium.mjs';

/** What reached the token endpoint, by the browser's own hand. */
interface Seen {
  method: string;
  status: number;
  hasCookie: boolean;
  origin: string | undefined;
}

interface Site {
  server: Server;
  port: number;
}

/** A page that does nothing by itself. */
async function startSite(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<Site> {
  const server = createServer(handler);
  server.listen(0);
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}
const page = (_: IncomingMessage, response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<!doctype html><title>A page</title><p>A page</p>');
};

let profile: string;
let victim: Site;
let stranger: Site;
let partner: Site;
let chat: ChatServer;
let context: BrowserContext;
let seen: Seen[] = [];
let tokenUrl: string;
/** Every page of the strangers', by what the browser makes of it: another site, and another origin of the same site. */
let strangers: Record<'cross-site' | 'same-site', string>;

beforeAll(async () => {
  // Some builds keep a site’s cookies from other sites’ requests by default: here the attack is to be at its strongest.
  profile = mkdtempSync(join(tmpdir(), 'latchkit-forgery-'));
  mkdirSync(join(profile, 'Default'));
  const preferences = { profile: { block_third_party_cookies: false, cookie_controls_mode: 0 } };
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  context = await chromium.launchPersistentContext(profile, (await chromiumLaunch()).launchOptions);
  stranger = await startSite(page);
  partner = await startSite(page);
  victim = await startSite((request, response) => {
    // The weakest cookie that an app could have: the browser sends it from everywhere.
    response.setHeader('set-cookie', 'session=ada; Path=/; HttpOnly; SameSite=None; Secure');
    page(request, response);
  });
  chat = createChatServer({
    secret: 'a-secret-for-tests-of-at-least-32-bytes',
    database: ':memory:',
    authenticate: (request) => (request.headers.get('cookie')?.includes('session=ada') ? { id: 'ada' } : null),
    allowedOrigins: [`http://localhost:${partner.port}`],
    logger: { error: () => {}, warn: () => {}, info: () => {} },
  });
  chat.attach(victim.server);
  // After attach(), which takes the server's listeners over.
  victim.server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.url !== '/chat/token') return;
    response.on('finish', () => {
      const { cookie, origin } = request.headers;
      const hasCookie = cookie?.includes('session=ada') === true;
      seen.push({ method: request.method ?? '', status: response.statusCode, hasCookie, origin });
    });
  });
  tokenUrl = `http://127.0.0.1:${victim.port}/chat/token`;
  strangers = {
    'cross-site': `http://localhost:${stranger.port}/`,
    'same-site': `http://127.0.0.1:${stranger.port}/`,
  };
});

afterAll(async () => {
  await context?.close();
  rmSync(profile, { recursive: true, force: true });
  await chat?.close();
  for (const site of [victim, stranger, partner]) site?.server.close();
});

beforeEach(async () => {
  await context.clearCookies();
  await (await context.newPage()).goto(`http://127.0.0.1:${victim.port}/`); // the victim signs in
  seen = [];
});
afterEach(() =>
  Promise.all(
    context
      .pages()
      .slice(1)
      .map((each) => each.close()),
  ),
);

async function visit(url: string): Promise<Page> {
  const visited = await context.newPage();
  await visited.goto(url);
  return visited;
}

type Init = Pick<RequestInit, 'method' | 'mode' | 'keepalive'> & { headers?: Record<string, string>; body?: string };

/** Asks in the page; gives the text if the page may read it, else what the browser says. */
function fetchIn(where: Page, init: Init): Promise<string> {
  return where.evaluate(
    async ([url, options]) => {
      try {
        const response = await fetch(url, { credentials: 'include', ...options });
        return response.type === 'opaque' ? 'opaque' : await response.text();
      } catch (error) {
        return `blocked: ${String(error)}`;
      }
    },
    [tokenUrl, init] as const,
  );
}

const minted = () => seen.filter(({ method, status }) => method === 'POST' && status === 200);

/** The attack is real only if the victim's cookie came with it. */
async function expectRefused(): Promise<void> {
  await expect.poll(() => seen.length).toBeGreaterThan(0);
  const posts = seen.filter(({ method }) => method === 'POST');
  expect(posts.every(({ hasCookie }) => hasCookie)).toBe(true);
  expect(posts.map(({ status }) => status)).toEqual(posts.map(() => 403));
  expect(minted()).toEqual([]);
}

test('the control: the app’s own page gets a token by its cookie', async () => {
  const own = await visit(`http://127.0.0.1:${victim.port}/`);
  seen = [];
  const text = await fetchIn(own, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  expect(JSON.parse(text)).toMatchObject({ token_type: 'Bearer' });
  expect(minted()).toHaveLength(1);
});

describe.each(['cross-site', 'same-site'] as const)('T64 a stranger’s page, %s', (kind) => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const POST = { method: 'POST' };

  test.each<[string, Init]>([
    ['without a body', POST],
    ['a form', { ...POST, headers: form, body: 'a=b' }],
    ['an empty text', { ...POST, body: '' }],
    ['plain text that is JSON', { ...POST, headers: { 'content-type': 'text/plain' }, body: '{}' }],
    ['no-cors', { ...POST, mode: 'no-cors', body: '{}' }],
    [
      'no-cors with JSON, which the browser takes away',
      { ...POST, mode: 'no-cors', headers: { 'content-type': 'application/json' }, body: '{}' },
    ],
    ['no-cors, kept alive', { ...POST, mode: 'no-cors', keepalive: true, body: '{}' }],
  ])('fetch, %s: refused, and nothing to read', async (_, init) => {
    const text = await fetchIn(await visit(strangers[kind]), init);
    expect(text).toMatch(/^(opaque|blocked)/);
    await expectRefused();
    expect(seen.map(({ method }) => method)).toEqual(['POST']);
  });

  test.each<[string, Init]>([
    ['JSON', { ...POST, headers: { 'content-type': 'application/json' }, body: '{}' }],
    ['the kit’s own header', { ...POST, headers: { 'x-latchkit': '1' } }],
  ])('fetch, %s: stopped at the preflight, the request itself is never sent', async (_, init) => {
    expect(await fetchIn(await visit(strangers[kind]), init)).toMatch(/^blocked/);
    expect(seen.map(({ method, status }) => [method, status])).toEqual([['OPTIONS', 403]]);
  });

  test('a beacon', async () => {
    const where = await visit(strangers[kind]);
    await where.evaluate((url) => navigator.sendBeacon(url, '{}'), tokenUrl);
    await expectRefused();
  });

  test.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data'])(
    'a form that submits itself, %s: the person lands on a refusal',
    async (enctype) => {
      const where = await visit(strangers[kind]);
      const landed = where.waitForURL(tokenUrl);
      await where.evaluate(
        ([action, type]) => {
          const element = Object.assign(document.createElement('form'), { method: 'POST', action, enctype: type });
          // As plain text this reads `{"a":"="}`: JSON by another name.
          element.append(Object.assign(document.createElement('input'), { name: '{"a":"', value: '"}' }));
          document.body.append(element);
          element.submit();
        },
        [tokenUrl, enctype] as const,
      );
      await landed;
      expect(await where.content()).not.toMatch(/eyJ/);
      await expectRefused();
    },
  );

  test('a form into an iframe, whose page the stranger cannot read', async () => {
    const where = await visit(strangers[kind]);
    const readable = await where.evaluate(async (action) => {
      const frame = Object.assign(document.createElement('iframe'), { name: 'target' });
      const element = Object.assign(document.createElement('form'), { method: 'POST', action, target: 'target' });
      document.body.append(frame, element);
      await new Promise((resolve) => setTimeout(resolve, 50)); // the empty page's own load event goes by
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
      element.submit();
      await loaded;
      try {
        return frame.contentDocument?.body.textContent ?? null;
      } catch {
        return null;
      }
    }, tokenUrl);
    expect(readable).toBeNull();
    await expectRefused();
  });

  test('a sandboxed iframe, whose origin is null', async () => {
    const where = await visit(strangers[kind]);
    await where.evaluate(
      ([url]) => {
        const frame = document.createElement('iframe');
        frame.setAttribute('sandbox', 'allow-scripts allow-forms');
        frame.srcdoc = `<script>fetch(${JSON.stringify(url)}, { method: 'POST', credentials: 'include', mode: 'no-cors', body: '{}' })</scr${''}ipt>`;
        document.body.append(frame);
      },
      [tokenUrl] as const,
    );
    await expect.poll(() => seen.length).toBeGreaterThan(0);
    expect(seen[0]).toMatchObject({ method: 'POST', status: 403, origin: 'null' });
    expect(minted()).toEqual([]);
  });
});

test('T64 an allow-listed origin gets a token and can read it', async () => {
  const where = await visit(`http://localhost:${partner.port}/`);
  const text = await fetchIn(where, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  expect(JSON.parse(text)).toMatchObject({ token: expect.stringMatching(/^eyJ/) as string, token_type: 'Bearer' });
  expect(minted()).toHaveLength(1);
  expect(seen[0]?.method).toBe('OPTIONS');
});

test('T64 the same host by another port than the listed one does not', async () => {
  const where = await visit(strangers['cross-site']);
  expect(await fetchIn(where, { method: 'POST' })).toMatch(/^blocked/);
  expect(minted()).toEqual([]);
});
