import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClock } from '../../../test/support/FakeClock.ts';
import type { Presence as PresenceState } from '../../protocol/index.ts';
import { LocalFanout } from '../fanout/LocalFanout.ts';
import type { Fanout } from '../fanout/Fanout.ts';
import type { ChatStorage } from '../storage/ChatStorage.ts';
import { openStorage } from '../storage/openStorage.ts';
import { Presence } from './Presence.ts';

let clock: FakeClock;
let storage: ChatStorage;
let wire: LocalFanout;

beforeEach(async () => {
  clock = new FakeClock();
  storage = await openStorage(':memory:', { now: () => clock.now() });
  await storage.upsertUser({ id: 'ada', name: 'Ada', avatarUrl: null });
  wire = new LocalFanout(() => {});
  return () => storage.close();
});

/** A node on the common wire; `die` is kill -9: it hears and says nothing any more, and its timers stand still. */
function node() {
  let dead = false;
  const fanout: Fanout = {
    publish: (topic, event) => (dead ? Promise.resolve() : wire.publish(topic, event)),
    subscribe: (topic, listener) => wire.subscribe(topic, (event) => dead || listener(event)),
    close: () => Promise.resolve(),
  };
  const warn = vi.fn();
  const logger = { error: vi.fn(), warn, info: vi.fn() };
  const presence = new Presence({ fanout, clock, storage: () => Promise.resolve(storage), logger });
  return { presence, warn, die: () => (dead = true) };
}

async function watch({ presence }: ReturnType<typeof node>, userId = 'ada') {
  const told: PresenceState[] = [];
  const { presence: first, stop } = (await presence.watch([userId], (now) => told.push(now))).get(userId)!;
  return { first, told, stop };
}
/** Time passes, and what waits for the database has its turn. */
async function advance(ms: number) {
  for (let left = ms; left > 0; left -= 1_000) {
    clock.advance(Math.min(1_000, left));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('on one node', () => {
  it('somebody is here from their first connection to the last, and some seconds longer', async () => {
    const here = node();
    const { first, told } = await watch(here);
    expect(first).toEqual({ userId: 'ada', online: false, lastSeenAt: clock.now() });
    here.presence.enter('ada');
    here.presence.enter('ada');
    expect(told).toEqual([{ userId: 'ada', online: true, lastSeenAt: null }]);
    await advance(5_000);
    here.presence.leave('ada');
    here.presence.leave('ada');
    const left = clock.now();
    await advance(14_000);
    expect(told).toHaveLength(1);
    await advance(2_000);
    expect(told[1]).toEqual({ userId: 'ada', online: false, lastSeenAt: left });
    expect((await storage.lastSeen(['ada'])).get('ada')).toBe(left);
  });

  it('a reload is no going', async () => {
    const here = node();
    here.presence.enter('ada');
    const { first, told } = await watch(here);
    expect(first.online).toBe(true);
    for (let n = 0; n < 5; n++) {
      here.presence.leave('ada');
      await advance(10_000);
      here.presence.enter('ada');
    }
    await advance(60_000);
    expect(told).toEqual([]);
  });

  it('tells nobody who no longer asks, and asks for nobody whom no one watches', async () => {
    const here = node();
    const { told, stop } = await watch(here);
    const publish = vi.spyOn(wire, 'publish');
    stop();
    here.presence.enter('ada');
    await advance(60_000);
    expect(told).toEqual([]);
    expect(publish.mock.calls.filter(([topic]) => topic === 'presence')).toEqual([]);
  });
});

describe('on several nodes', () => {
  it('is known wherever one is, whoever asked first', async () => {
    const [one, two] = [node(), node()];
    const early = await watch(two);
    one.presence.enter('ada');
    const late = await watch(two);
    expect([early.first.online, early.told.at(-1)?.online, late.first.online]).toEqual([false, true, true]);
    await advance(120_000);
    expect(early.told).toHaveLength(1);
  });

  it('who is at two nodes goes with the last of them', async () => {
    const [one, two, three] = [node(), node(), node()];
    const { told } = await watch(three);
    one.presence.enter('ada');
    two.presence.enter('ada');
    one.presence.leave('ada');
    await advance(60_000);
    expect(told.map(({ online }) => online)).toEqual([true]);
    two.presence.leave('ada');
    await advance(16_000);
    expect(told.map(({ online }) => online)).toEqual([true, false]);
  });

  it('of a node that died everybody lapses by themselves, with the moment when they were last heard of', async () => {
    const [one, two] = [node(), node()];
    const { told } = await watch(two);
    one.presence.enter('ada');
    await advance(30_000);
    one.die();
    await advance(30_000);
    expect(told.map(({ online }) => online)).toEqual([true]);
    await advance(50_000);
    expect(told.map(({ online }) => online)).toEqual([true, false]);
    expect(clock.now() - (told[1]?.lastSeenAt ?? 0)).toBeLessThan(100_000);
  });

  it('one lost answer is no going', async () => {
    const [one, two] = [node(), node()];
    const { told } = await watch(two);
    one.presence.enter('ada');
    const { publish } = wire;
    const lossy = vi.spyOn(wire, 'publish').mockResolvedValue();
    await advance(25_000);
    lossy.mockImplementation((...args) => publish.apply(wire, args));
    await advance(60_000);
    expect(told.map(({ online }) => online)).toEqual([true]);
  });

  it('what is told late does not take back what was said since', async () => {
    const [one, two] = [node(), node()];
    const { told } = await watch(two);
    one.presence.enter('ada');
    const nodeId = await new Promise<string>((resolve) => {
      void wire.subscribe('presence:ada', (event) => event.type === 'presence.told' && resolve(event.nodeId));
      void wire.publish('presence', { type: 'presence.asked', userIds: ['ada'] });
    });
    const at = clock.now() - 1_000;
    await wire.publish('presence:ada', { type: 'presence.told', userId: 'ada', nodeId, lastSeenAt: at, at });
    expect(told.map(({ online }) => online)).toEqual([true]);
  });

  it('a node that closes tells nobody that its people went: they come back at another one', async () => {
    const [one, two] = [node(), node()];
    const { told } = await watch(two);
    one.presence.enter('ada');
    await advance(5_000);
    one.presence.leave('ada');
    await one.presence.close();
    two.presence.enter('ada');
    await advance(120_000);
    expect(told.map(({ online }) => online)).toEqual([true]);
    expect((await storage.lastSeen(['ada'])).get('ada')).toBeGreaterThan(0);
  });

  it('is told again once the database is back', async () => {
    const here = node();
    here.presence.enter('ada');
    const { told } = await watch(here);
    vi.spyOn(storage, 'saveLastSeen').mockRejectedValue(new Error('away'));
    here.presence.leave('ada');
    await advance(16_000);
    expect(told.map(({ online }) => online)).toEqual([false]);
    expect(here.warn).toHaveBeenCalled();
  });
});
