import { expect, it, vi } from 'vitest';
import type { FanoutEvent } from './Fanout.ts';
import { LocalFanout } from './LocalFanout.ts';

const event: FanoutEvent = { type: 'access.changed', threadId: 't1', userId: null };

it('tells each subscription of a topic, and of no other', async () => {
  const fanout = new LocalFanout(() => {});
  const [here, there] = [vi.fn(), vi.fn()];
  await fanout.subscribe('a', here);
  const stop = await fanout.subscribe('a', here);
  await fanout.subscribe('b', there);
  await fanout.publish('a', event);
  expect(here.mock.calls).toEqual([[event], [event]]);
  stop();
  await fanout.publish('a', event);
  expect(here).toHaveBeenCalledTimes(3);
  expect(there).not.toHaveBeenCalled();
  await fanout.close();
  await fanout.publish('a', event);
  expect(here).toHaveBeenCalledTimes(3);
});

it('who comes in the middle hears the next event; who goes then may still hear this one', async () => {
  const fanout = new LocalFanout(() => {});
  const late = vi.fn();
  const stop = await fanout.subscribe('a', () => {
    stop();
    void fanout.subscribe('a', late);
  });
  await fanout.publish('a', event);
  expect(late).not.toHaveBeenCalled();
  await fanout.publish('a', event);
  expect(late).toHaveBeenCalledTimes(1);
});

it('one that throws is reported, and the others are told', async () => {
  const onError = vi.fn();
  const fanout = new LocalFanout(onError);
  const heard = vi.fn();
  await fanout.subscribe('a', () => {
    throw new Error('a listener');
  });
  await fanout.subscribe('a', heard);
  await fanout.publish('a', event);
  expect(heard).toHaveBeenCalledTimes(1);
  expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: 'a listener' }));
});
