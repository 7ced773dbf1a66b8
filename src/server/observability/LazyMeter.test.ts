import { expect, test, vi } from 'vitest';
import { LazyMeter } from './LazyMeter.ts';
import type { Meter } from './Meter.ts';

const labels = { transport: 'websocket', state: 'authenticated' };

test('what happened before the meter was loaded is counted, in its order', async () => {
  const calls: unknown[] = [];
  const meter: Meter = {
    count: (...args) => calls.push(args),
    move: (...args) => calls.push(args),
    observe: (...args) => calls.push(args),
  };
  let load = (_meter: Meter) => {};
  const lazy = new LazyMeter(new Promise((resolve) => (load = resolve)));
  lazy.move('latchkit_connections', labels, 1);
  lazy.count('latchkit_messages_stored_total', {});
  expect(calls).toEqual([]);
  load(meter);
  await vi.waitFor(() => expect(calls).toHaveLength(2));
  lazy.observe('latchkit_message_ack_seconds', {}, 0.1);
  expect(calls).toEqual([
    ['latchkit_connections', labels, 1],
    ['latchkit_messages_stored_total', {}],
    ['latchkit_message_ack_seconds', {}, 0.1],
  ]);
});

test('a meter that cannot be loaded breaks nothing', async () => {
  const lazy = new LazyMeter(Promise.reject(new Error('not installed')));
  lazy.move('latchkit_connections', labels, 1);
  await Promise.resolve();
  expect(() => lazy.move('latchkit_connections', labels, -1)).not.toThrow();
});
