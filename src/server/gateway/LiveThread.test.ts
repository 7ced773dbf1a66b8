import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Message, ServerFrame, ServerFrameOf } from '../../protocol/index.ts';
import { LiveThread } from './LiveThread.ts';

const message = (id: number, seq: number, version: number): Message => ({
  id: `m${id}`,
  threadId: 't',
  seq,
  version,
  author: { id: 'ada', name: 'Ada', avatarUrl: null },
  parts: [],
  createdAt: 0,
  editedAt: null,
  deletedAt: null,
  reactions: [],
});
type MessageFrame = ServerFrameOf<'message.created' | 'message.updated'>;
const frame = (of: Message): MessageFrame => ({
  type: of.seq === of.version ? 'message.created' : 'message.updated',
  message: of,
});
const isMessage = (each: ServerFrame): each is MessageFrame =>
  each.type === 'message.created' || each.type === 'message.updated';

/** A thread's log: each entry makes a new message (null), or changes the one that it names. */
function writeLog(plan: readonly (number | null)[]): Message[] {
  const seqs: number[] = [];
  return plan.map((target, index) => {
    const version = index + 1;
    if (target === null || seqs.length === 0) return message(seqs.push(version), version, version);
    const at = target % seqs.length;
    return message(at + 1, seqs[at]!, version);
  });
}

/** Storage as it is once the whole log is written: each message once, as it is then. */
function readAfter(log: readonly Message[], version: number, limit: number) {
  const newest = new Map(log.map((each) => [each.id, each]));
  const messages = [...newest.values()].sort((a, b) => a.version - b.version).filter((each) => each.version > version);
  const page = messages.slice(0, limit);
  return { messages: page, upTo: page.length < messages.length ? page.at(-1)!.version : log.length };
}

it('C14 whatever fan-out loses, repeats and reorders, each message arrives as it is at the end, and never an older state of it', async () => {
  const plan = fc.record({
    log: fc.array(fc.option(fc.nat(9), { nil: null }), { minLength: 1, maxLength: 20 }),
    page: fc.nat(20),
    order: fc.array(fc.nat(20), { maxLength: 60 }),
    holds: fc.array(fc.nat(60), { maxLength: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(plan, fc.scheduler(), async ({ log: entries, page, order, holds }, scheduler) => {
      const log = writeLog(entries);
      const start = Math.min(page, log.length);
      const sent: MessageFrame[] = [];
      const live = new LiveThread({
        send: (each) => isMessage(each) && sent.push(each),
        readAfter: (version) => scheduler.schedule(Promise.resolve(readAfter(log, version, 3))),
        onFailure: (error) => {
          throw error;
        },
      });
      // The last place is heard of at last: that a later one is, is what a client can count on.
      const events = [...order.map((n) => n % log.length), log.length - 1];
      const startAt = page % events.length;
      for (const [index, place] of events.entries()) {
        if (index === startAt) live.start(start);
        if (holds.includes(index)) live.hold();
        live.receive(frame(log[place]!));
        if (holds.includes(index)) live.resume();
      }
      await scheduler.waitIdle();
      const versions = sent.map((each) => each.message.version);
      expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
      const arrived = new Map(sent.map((each) => [each.message.id, each.message.version]));
      const expected = readAfter(log, start, 1_000).messages.map((each) => [each.id, each.version] as const);
      expect(Object.fromEntries(arrived)).toEqual(Object.fromEntries(expected));
      // What the client had at the start is changed, what it had not is new.
      const known = new Set(log.slice(0, start).map((each) => each.id));
      for (const { type, message: of } of sent) {
        expect(type).toBe(known.has(of.id) ? 'message.updated' : 'message.created');
        known.add(of.id);
      }
    }),
  );
});

it('passes over the places that a newer change has taken the place of', async () => {
  const log = writeLog([null, null, 0, 0]);
  const sent: MessageFrame[] = [];
  const live = new LiveThread({
    send: (each) => isMessage(each) && sent.push(each),
    readAfter: (version) => Promise.resolve(readAfter(log, version, 10)),
    onFailure: (error) => {
      throw error;
    },
  });
  live.start(1);
  live.receive(frame(log[3]!));
  await expect.poll(() => sent.length).toBe(2);
  expect(sent.map((each) => [each.type, each.message.id, each.message.version])).toEqual([
    ['message.created', 'm2', 2],
    ['message.updated', 'm1', 4],
  ]);
  const next = message(3, 5, 5);
  live.receive(frame(next));
  expect(sent.at(-1)?.message).toBe(next);
});

it('what is not in the log waits while access is asked again, and is lost with it', () => {
  const sent: ServerFrame[] = [];
  const live = new LiveThread({
    send: (each) => sent.push(each),
    readAfter: () => Promise.resolve({ messages: [], upTo: 0 }),
    onFailure: () => {},
  });
  const removed = (userId: string) => ({ type: 'member.removed', threadId: 't', userId }) as const;
  live.pass(removed('ada'));
  expect(sent).toEqual([]);
  live.start(0);
  expect(sent).toEqual([removed('ada')]);
  live.hold();
  live.pass(removed('bob'));
  expect(sent).toHaveLength(1);
  live.resume();
  live.pass(removed('cy'));
  expect(sent).toEqual([removed('ada'), removed('bob'), removed('cy')]);
});

it('tells when what was announced cannot be read, or is not there', async () => {
  for (const read of [() => Promise.reject(new Error('gone')), () => Promise.resolve({ messages: [], upTo: 0 })]) {
    const failures: unknown[] = [];
    const live = new LiveThread({ send: () => {}, readAfter: read, onFailure: (error) => failures.push(error) });
    live.start(0);
    live.receive(frame(message(1, 2, 2)));
    await expect.poll(() => failures).toEqual([expect.any(Error)]);
  }
});
