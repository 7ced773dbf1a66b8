import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClock } from '../../../test/support/FakeClock.ts';
import type { ChatStorage } from '../storage/ChatStorage.ts';
import { openStorage } from '../storage/openStorage.ts';
import type { FileStore } from './FileStore.ts';
import { Sweeper } from './Sweeper.ts';

const HOUR = 3_600_000;
let clock: FakeClock;
let storage: ChatStorage;
beforeEach(async () => {
  clock = new FakeClock();
  storage = await openStorage(':memory:', { now: () => clock.now() });
});
afterEach(() => storage.close());

function setUp() {
  const removed: string[] = [];
  const failing = new Set<string>();
  const files: FileStore = {
    open: () => Promise.reject(new Error('not here')),
    keyOf: (id) => id,
    settle: () => Promise.resolve(),
    read: () => Promise.resolve(Readable.from([])),
    remove(id) {
      if (failing.has(id)) return Promise.reject(new Error('disk'));
      removed.push(id);
      return Promise.resolve();
    },
  };
  const warn = vi.fn();
  const sweeper = new Sweeper({
    files,
    records: () => Promise.resolve(storage.attachments),
    clock,
    logger: { error: () => {}, warn, info: () => {} },
  });
  const begin = (id: string) =>
    storage.attachments.begin({ id, threadId: 't', uploaderId: 'ada', filename: 'a', size: 1 });
  return { sweeper, removed, failing, warn, begin };
}

describe('the sweeper', () => {
  it('removes bytes and rows after 24 hours, by itself, every hour', async () => {
    const { sweeper, removed, begin } = setUp();
    await begin('old');
    sweeper.start();
    sweeper.start();
    clock.advance(60_000);
    expect(removed).toEqual([]);
    for (let hour = 0; hour < 25; hour++) {
      clock.advance(HOUR);
      await vi.waitFor(() => expect(clock.armed).toBe(1));
    }
    expect(removed).toEqual(['old']);
    expect((await storage.attachments.sweepPage('', { before: 0, claimedBefore: 0 })).orphans).toEqual([]);
    await sweeper.stop();
    expect(clock.armed).toBe(0);
  });

  it('tries again what could not be removed, and says so', async () => {
    const { sweeper, removed, failing, warn, begin } = setUp();
    await begin('stuck');
    await begin('other');
    failing.add('stuck');
    clock.advance(25 * HOUR);
    await sweeper.sweep();
    expect(removed).toEqual(['other']);
    expect(warn).toHaveBeenCalledOnce();
    failing.clear();
    await sweeper.sweep();
    expect(removed).toEqual(['other', 'stuck']);
  });

  it('outlives a database that does not answer', async () => {
    const { sweeper, removed, warn, begin } = setUp();
    await begin('old');
    clock.advance(25 * HOUR);
    const page = vi.spyOn(storage.attachments, 'sweepPage').mockRejectedValueOnce(new Error('down'));
    sweeper.start();
    clock.advance(60_000);
    await vi.waitFor(() => expect(warn).toHaveBeenCalledOnce());
    await vi.waitFor(() => expect(clock.armed).toBe(1));
    clock.advance(HOUR);
    await vi.waitFor(() => expect(removed).toEqual(['old']));
    expect(page).toHaveBeenCalledTimes(2);
    await sweeper.stop();
  });
});
