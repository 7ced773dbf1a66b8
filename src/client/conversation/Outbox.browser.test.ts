import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { textOf } from '../../protocol/index.ts';
import { createFakeBackend } from '../../testing/index.ts';
import type { FakeBackend } from '../../testing/index.ts';
import type { ChatBackend } from '../backends/ChatBackend.ts';
import type { ChatClient } from '../types.ts';

/** What a page shares with the test, which is its parent: the far side, and its own client. */
declare global {
  interface Window {
    chatBackend: ChatBackend;
    chatClient?: ChatClient;
  }
}

// The runner rewrites dynamic imports to go through itself; in a page of its own they just load.
const PAGE = `<script>
  window.__vitest_browser_runner__ = { wrapDynamicImport: (load) => load() };
</script>
<script type="module">
  import { createChatClient } from '/src/client/index.ts';
  import { createFakeFetchToken } from '/src/testing/index.ts';
  const client = createChatClient({
    userId: 'ada',
    backend: window.parent.chatBackend,
    fetchToken: createFakeFetchToken({ userId: 'ada' }),
    tabs: false,
  });
  client.thread('t').subscribe(() => {});
  client.retain();
  window.chatClient = client;
</script>`;

let backend: FakeBackend;
let address: string;
const frames: HTMLIFrameElement[] = [];

beforeEach(() => {
  backend = createFakeBackend({ threads: [{ id: 't' }] });
  address = `https://chat.test/${Math.random()}`; // a database of its own
  window.chatBackend = { address: () => address, open: (context) => backend.open(context) };
});

afterEach(() => {
  for (const frame of frames.splice(0)) frame.remove();
});

/** Opens a page of its own, with the real IndexedDB, Web Locks and BroadcastChannel of this browser. */
async function openPage() {
  const frame = document.createElement('iframe');
  frame.srcdoc = PAGE;
  document.body.append(frame);
  frames.push(frame);
  const client = () =>
    vi.waitFor(
      () => {
        const made = frame.contentWindow?.chatClient;
        if (!made) throw new Error('The page is still loading.');
        return made;
      },
      { timeout: 10_000 },
    );
  await client();
  return {
    client,
    thread: async () => (await client()).thread('t'),
    rows: async () =>
      (await client())
        .thread('t')
        .get()
        .messages.map(({ message, delivery }) => `${textOf(message.parts)}: ${delivery}`),
    reload: async () => {
      delete frame.contentWindow?.chatClient;
      frame.contentWindow?.location.reload();
      await client();
    },
    kill: () => frame.remove(),
  };
}

const texts = () => backend.messages('t').map(({ parts }) => textOf(parts));
const sends = () => backend.requests.filter(({ name }) => name === 'sendMessage').length;
const written = () => new Promise((resolve) => setTimeout(resolve, 300));

it('S3 what was written offline is there after a reload, and goes out in order', async () => {
  backend.goOffline();
  const page = await openPage();
  const thread = await page.thread();
  for (const text of ['1', '2', '3']) thread.send(text);
  await written();
  await page.reload();
  await vi.waitFor(async () => expect(await page.rows()).toEqual(['1: sending', '2: sending', '3: sending']));
  backend.goOnline();
  await vi.waitFor(async () => expect(await page.rows()).toEqual(['1: sent', '2: sent', '3: sent']));
  expect(texts()).toEqual(['1', '2', '3']);
  await page.reload();
  await written();
  expect(sends()).toBe(3);
});

it('S3 two pages send once, and one that is closed while it sends leaves the rest to the other', async () => {
  backend.setFault('sendMessage', 'never-answers');
  const [one, two] = [await openPage(), await openPage()];
  const thread = await one.thread();
  thread.send('1');
  thread.send('2');
  await vi.waitFor(async () => expect(await two.rows()).toEqual(['1: sending', '2: sending']));
  await written();
  expect(sends()).toBe(1);
  one.kill();
  await vi.waitFor(() => expect(sends()).toBe(2)); // the lock came free with the page
  backend.setFault('sendMessage', null);
  await vi.waitFor(async () => expect(await two.rows()).toEqual(['1: sent', '2: sent']));
  expect(texts()).toEqual(['1', '2']);
});

it('C8 a sign-out leaves nothing on the device', async () => {
  backend.goOffline();
  const page = await openPage();
  (await page.thread()).send('secret');
  await written();
  (await page.client()).signOut();
  await written();
  await page.reload();
  backend.goOnline();
  await written();
  expect(await page.rows()).toEqual([]);
  expect(texts()).toEqual([]);
});
