import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Message } from '../../protocol/index.ts';
import { LiveThread } from './LiveThread.ts';

const message = (seq: number): Message => ({
  id: `m${seq}`,
  threadId: 't',
  seq,
  author: { id: 'ada', name: 'Ada', avatarUrl: null },
  parts: [],
  createdAt: 0,
});

it('whatever fan-out loses, repeats and reorders, each message is sent once and in order', async () => {
  const plan = fc.record({
    total: fc.integer({ min: 1, max: 20 }),
    page: fc.nat(20),
    order: fc.array(fc.nat(20), { maxLength: 60 }),
    holds: fc.array(fc.nat(60), { maxLength: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(plan, fc.scheduler(), async ({ total, page, order, holds }, scheduler) => {
      const stored = Array.from({ length: total }, (_, index) => message(index + 1));
      const start = Math.min(page, total);
      const sent: number[] = [];
      const live = new LiveThread({
        send: ({ seq }) => sent.push(seq),
        readAfter: (seq) => scheduler.schedule(Promise.resolve(stored.filter((each) => each.seq > seq).slice(0, 3))),
        onFailure: (error) => {
          throw error;
        },
      });
      const events = [...order.map((n) => (n % total) + 1), total];
      const startAt = page % events.length;
      for (const [index, seq] of events.entries()) {
        if (index === startAt) live.start(start);
        if (holds.includes(index)) live.hold();
        live.receive(message(seq));
        if (holds.includes(index)) live.resume();
      }
      await scheduler.waitIdle();
      expect(sent).toEqual(stored.map(({ seq }) => seq).filter((seq) => seq > start));
    }),
  );
});

it('tells when what was announced cannot be read', async () => {
  const failures: unknown[] = [];
  const live = new LiveThread({
    send: () => {},
    readAfter: () => Promise.reject(new Error('gone')),
    onFailure: (error) => failures.push(error),
  });
  live.start(0);
  live.receive(message(2));
  await expect.poll(() => failures).toEqual([new Error('gone')]);
});
