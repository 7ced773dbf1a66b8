import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { topics, type FanoutEvent } from '../fanout/Fanout.ts';
import { LocalFanout } from '../fanout/LocalFanout.ts';
import type { ChatStorage } from '../storage/ChatStorage.ts';
import { openStorage } from '../storage/openStorage.ts';
import { announceInLists } from './announce.ts';

let storage: ChatStorage;
let fanout: LocalFanout;
let heard: FanoutEvent[];
let stops: (() => void)[];

beforeEach(async () => {
  storage = await openStorage(':memory:');
  fanout = new LocalFanout(() => {});
  heard = [];
  for (const id of ['t', 'u'])
    await storage.upsertThread({ id, title: id, access: 'members', members: [{ id: 'ada' }] });
  stops = [
    // As a list does.
    await fanout.subscribe(topics.openThreads, (event) => heard.push(event)),
    await fanout.subscribe(topics.threadsOf('ada'), (event) => heard.push(event)),
  ];
});

afterEach(() => storage.close());

const onError = (error: unknown) => {
  throw error;
};

const store = (threadId: string, id: string) =>
  storage.appendMessage({ id, threadId, authorId: 'ada', parts: [{ type: 'text', text: id }] });

const announce = (threadId: string, id: string) =>
  announceInLists({ fanout, storage, attachments: undefined, isAssisted: () => false }, { threadId, id }, onError);

async function send(threadId: string, id: string): Promise<void> {
  await store(threadId, id);
  announce(threadId, id);
}

const lastMessages = () =>
  heard.map((event) => (event.type === 'thread.updated' ? event.thread.lastMessage?.id : event));

it('lists hear once per thread of what one turn brought, and of its newest message', async () => {
  for (const id of ['t1', 't2', 't3']) await store('t', id);
  await store('u', 'u1');
  for (const id of ['t1', 't2', 't3']) announce('t', id);
  announce('u', 'u1');
  expect(heard).toEqual([]);
  await expect.poll(lastMessages).toEqual(['t3', 'u1']);
  await send('t', 't4');
  await expect.poll(lastMessages).toEqual(['t3', 'u1', 't4']);
});

it('a change of an older message is nothing to the lists', async () => {
  await store('t', 't1');
  await send('t', 't2');
  await expect.poll(lastMessages).toEqual(['t2']);
  announce('t', 't1');
  await turn();
  await send('u', 'u1');
  await expect.poll(lastMessages).toEqual(['t2', 'u1']);
});

it('a failure is told to whoever sent, once, and the next turn is announced again', async () => {
  const failed = vi.fn();
  const broken = Object.assign(Object.create(storage) as ChatStorage, {
    getThread: () => Promise.reject(new Error('away')),
  });
  announceInLists(
    { fanout, storage: broken, attachments: undefined, isAssisted: () => false },
    { threadId: 't', id: 't1' },
    failed,
  );
  await expect.poll(() => failed.mock.calls.length).toBe(1);
  await send('t', 't2');
  await expect.poll(lastMessages).toEqual(['t2']);
});

it('while nobody has a list open, nothing is read for one', async () => {
  const getThread = vi.spyOn(storage, 'getThread');
  for (const stop of stops) stop();
  await send('t', 't1');
  await turn();
  expect(getThread).not.toHaveBeenCalled();
  await fanout.subscribe(topics.openThreads, () => {});
  await fanout.subscribe(topics.threadsOf('ada'), (event) => heard.push(event));
  await send('t', 't2');
  await expect.poll(lastMessages).toEqual(['t2']);
});

it('a fan-out that cannot say who listens is told everything', async () => {
  const blind = {
    publish: fanout.publish.bind(fanout),
    subscribe: fanout.subscribe.bind(fanout),
    close: () => fanout.close(),
  };
  stops[0]?.();
  await storage.appendMessage({ id: 't1', threadId: 't', authorId: 'ada', parts: [{ type: 'text', text: 'hi' }] });
  announceInLists(
    { fanout: blind, storage, attachments: undefined, isAssisted: () => false },
    { threadId: 't', id: 't1' },
    onError,
  );
  await expect.poll(lastMessages).toEqual(['t1']);
});
