import { expect, it } from 'vitest';
import { textOf } from '../protocol/index.ts';
import { createFakeBackend, createFakeFetchToken, FakeClock } from '../testing/index.ts';
import { createChatClient } from './createChatClient.ts';
import type { ThreadPage } from './backends/ChatBackend.ts';

function setup() {
  const clock = new FakeClock();
  const backend = createFakeBackend({ clock, threads: [{ id: 'general', title: 'General', access: 'open' }] });
  const first = backend.receive({ threadId: 'general', author: 'ben', text: 'one', id: 'm1' });
  const page: ThreadPage = {
    thread: { ...backend.setThread({ id: 'general', title: 'General', access: 'open' }), lastMessage: first },
    messages: [...backend.messages('general')],
    hasOlder: false,
    gap: false,
    lastSeq: first.version,
  };
  const fetchToken = createFakeFetchToken({ userId: 'ada', clock });
  const client = createChatClient({ userId: 'ada', backend, fetchToken, clock, initialThreads: [page] });
  const texts = () =>
    client
      .thread('general')
      .get()
      .messages.map(({ message }) => textOf(message.parts));
  return { clock, backend, client, texts };
}

it('a thread begins with the page that it was given, before anything is asked for', () => {
  const { backend, client, texts } = setup();
  expect(client.thread('general').get()).toMatchObject({ status: 'ready', thread: { title: 'General' } });
  expect(client.thread('general').initial).toBe(client.thread('general').get());
  expect(texts()).toEqual(['one']);
  expect(backend.requests).toEqual([]);
});

it('and goes on from there: what came since is caught up with, nothing is read twice', async () => {
  const { clock, backend, client, texts } = setup();
  backend.receive({ threadId: 'general', author: 'ben', text: 'two' });
  client.thread('general').subscribe(() => {});
  const close = client.retain();
  await clock.advance(100);
  expect(texts()).toEqual(['one', 'two']);
  expect(backend.requests.find(({ name }) => name === 'openThread')).toMatchObject({ afterSeq: 1 });
  close();
});

it('a signed-out client shows nothing of it, not even in a thread that nobody had asked for', () => {
  const { client, texts } = setup();
  client.signOut();
  expect(texts()).toEqual([]);
  expect(client.thread('general').get().status).toBe('loading');
});

it('a page of another conversation changes nothing', () => {
  const { client } = setup();
  expect(client.thread('other').get()).toMatchObject({ status: 'loading', messages: [] });
});
