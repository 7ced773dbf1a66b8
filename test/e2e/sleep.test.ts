import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ClientFrame, ServerFrame } from '../../src/protocol/index.ts';
import { createFaultProxy, type FaultConnection, type FaultProxy } from '../../src/testing/node/index.ts';
import { startTestServer, type TestServer } from '../support/chat-server.ts';
import { buildPage, pageHtml, sendHtml, servePage, type PageServer } from '../support/page.ts';
import { openHideablePage, type HideablePage } from './pages/hideable-page.ts';

const BODY = '<style>body { height: 100vh; margin: 0 } #root { height: 100% }</style><div id="root"></div>';
const HOUR_MS = 3_600_000;
const TTL_SECONDS = 900;
const PATIENT = { timeout: 30_000 };

let server: TestServer;
let app: PageServer;
let proxy: FaultProxy;
let view: HideablePage;
/** By how much the server's clock is ahead of the machine's. */
let ahead = 0;

beforeAll(async () => {
  const now = Date.now.bind(Date);
  vi.spyOn(Date, 'now').mockImplementation(() => now() + ahead);
  const files = await buildPage('test/e2e/pages/sleeping-page.tsx', 'development');
  server = await startTestServer({
    ttl: TTL_SECONDS,
    // The others say who they are by a header; the page is ada's.
    authenticate: (request) => {
      const id = request.headers.get('x-user') ?? 'ada';
      return { id, name: id, sessionId: 's1' };
    },
  });
  await server.chat.threads.upsert({ id: 'general', title: 'General', access: 'open' });
  app = await servePage(files, (_, response) => sendHtml(response, pageHtml(files, BODY)));
  server.chat.attach(app.http);
  proxy = await createFaultProxy({ target: app.url });
  view = await openHideablePage();
});

afterAll(async () => {
  await view?.close();
  await proxy?.close();
  app?.stop();
  await server?.stop();
  vi.restoreAllMocks();
});

/** What the page asks of the network: token requests, sockets, and on each socket the frames that went and came, in their order. */
function watch(page: Page) {
  const traffic = { mints: 0, sockets: [] as string[][] };
  page.on('request', (request) => {
    if (request.url().endsWith('/chat/token')) traffic.mints += 1;
  });
  page.on('websocket', (socket) => {
    const frames: string[] = [];
    traffic.sockets.push(frames);
    const noting = (arrow: string) => (event: { payload: string | Buffer }) => {
      const frame = JSON.parse(event.payload.toString()) as ClientFrame | ServerFrame;
      frames.push(`${arrow} ${frame.type}`);
    };
    socket.on('framesent', noting('>'));
    socket.on('framereceived', noting('<'));
  });
  return traffic;
}

const shown = (page: Page) => page.locator('[role=log] .lk-message-says').allInnerTexts();

test('C6 C14 after an hour asleep the right messages are there: one token, one socket, one question, and nothing of the old socket', async () => {
  const { page } = view;
  const traffic = watch(page);
  const ben = await server.connect('ben');
  for (const text of ['first', 'second', 'third']) await ben.sendText('general', text, `id-of-${text}`);
  await page.goto(proxy.url);
  await expect.poll(() => shown(page), PATIENT).toEqual(['first', 'second', 'third']);
  // All that opening brings has come, so that what follows is the waking's.
  await expect.poll(() => traffic.sockets[0], PATIENT).toContain('< receipt.updated');
  expect([traffic.mints, traffic.sockets.length]).toEqual([1, 1]);
  const [old = []] = traffic.sockets;
  const saidBefore = [...old];

  // The lid closes. The server gives the socket up; of that the sleeper hears nothing, neither now nor later.
  await view.freeze();
  const isSocket = ({ kind }: FaultConnection) => kind === 'websocket';
  proxy.halfOpen({ connection: proxy.connections.find(isSocket)! });
  proxy.cut();
  ahead = HOUR_MS;
  const inThread = { threadId: 'general', messageId: 'id-of-first' };
  await ben.request(
    { type: 'message.edit', ...inThread, parts: [{ type: 'text', text: 'first, edited' }] },
    'message.saved',
  );
  await ben.request({ type: 'message.delete', ...inThread, messageId: 'id-of-second' }, 'message.saved');
  const cleo = await server.connect('cleo');
  for (let n = 1; n <= 4; n += 1) await (n % 2 ? ben : cleo).sendText('general', `while you slept ${n}`);
  expect([await shown(page), traffic.mints, traffic.sockets.length]).toEqual([['first', 'second', 'third'], 1, 1]);

  await view.show();
  const missed = [1, 2, 3, 4].map((n) => `while you slept ${n}`);
  const after = ['first, edited', 'This message was deleted', 'third', ...missed];
  await expect.poll(() => shown(page), PATIENT).toEqual(after);
  // It goes on: live, and as itself.
  await cleo.sendText('general', 'good morning');
  await expect.poll(() => shown(page), PATIENT).toEqual([...after, 'good morning']);

  expect(traffic.mints).toBe(2);
  expect(traffic.sockets.length).toBe(2);
  expect(old).toEqual(saidBefore);
  const woken = traffic.sockets[1] ?? [];
  expect(woken.slice(0, 4)).toEqual(['> auth.open', '< auth.accepted', '> thread.subscribe', '< thread.subscribed']);
  expect(woken.filter((frame) => /> (auth|thread|history|message)/.test(frame)).length).toBe(2);
  ben.close();
  cleo.close();
});
