import { expect, it, vi } from 'vitest';
import { createFakeBackend, createFakeFetchToken, FakeClock } from '../testing/index.ts';
import { createChatClient } from './createChatClient.ts';
import { EventLog } from './EventLog.ts';
import { FakeSignals } from './test-fixtures.ts';

it('keeps the last 200, in order, each with its number and time', async () => {
  const clock = new FakeClock();
  const log = new EventLog(clock);
  for (let i = 0; i < 450; i += 1) {
    log.add({ type: 'rejected' });
    await clock.advance(10);
  }
  const entries = log.get();
  expect(entries).toHaveLength(200);
  expect([entries[0]?.id, entries.at(-1)?.id]).toEqual([251, 450]);
  expect((entries.at(-1)?.at ?? 0) - (entries[0]?.at ?? 0)).toBe(1_990);
});

it('is the same list until something happens, and says when', () => {
  const log = new EventLog(new FakeClock());
  const listener = vi.fn();
  const stop = log.subscribe(listener);
  const empty = log.get();
  expect(log.get()).toBe(empty);
  log.add({ type: 'signed-out' });
  expect(log.get()).not.toBe(empty);
  expect(empty).toEqual([]);
  stop();
  log.add({ type: 'signed-out' });
  expect(listener).toHaveBeenCalledTimes(1);
});

it('the client writes token and connection into one log, also while nobody looks, and tells its own listener', async () => {
  const clock = new FakeClock();
  const told: string[] = [];
  const backend = createFakeBackend({ clock });
  const client = createChatClient({
    userId: 'ada',
    clock,
    signals: new FakeSignals(),
    backend,
    fetchToken: createFakeFetchToken({ userId: 'ada', clock }),
    onTokenEvent: ({ type }) => told.push(type),
  });
  client.retain();
  await clock.advance(50);
  backend.disconnect();
  await clock.advance(50);
  client.signOut();
  const seen = client.events.get().map(({ event }) => (event.type === 'connection' ? event.status : event.type));
  expect(seen).toEqual(['connecting', 'fetch', 'token', 'connected', 'reconnecting', 'closed', 'signed-out']);
  expect(told).toEqual(['fetch', 'token', 'signed-out']);
});

it('a listener of the app that throws loses no entry', async () => {
  const clock = new FakeClock();
  const thrown = new Error('from the app');
  const caught: unknown[] = [];
  const onUncaught = (error: unknown) => caught.push(error);
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', onUncaught);
  const client = createChatClient({
    userId: 'ada',
    clock,
    signals: new FakeSignals(),
    backend: createFakeBackend({ clock }),
    fetchToken: createFakeFetchToken({ userId: 'ada', clock }),
    onTokenEvent: () => {
      throw thrown;
    },
  });
  client.retain();
  await clock.advance(50);
  process.off('uncaughtException', onUncaught);
  for (const listener of others) process.on('uncaughtException', listener);
  expect(client.events.get().map(({ event }) => event.type)).toEqual(['connection', 'fetch', 'token', 'connection']);
  expect(caught).toEqual([thrown, thrown]);
});
