import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../protocol/index.ts';
import { createFakeMessage } from '../../testing/index.ts';
import type { ThreadPage } from '../backends/ChatBackend.ts';
import { MessageLog } from './MessageLog.ts';

const thread: ThreadPage['thread'] = {
  id: 't',
  title: 'T',
  access: 'open',
  role: null,
  memberCount: 0,
  messageCount: 0,
  lastMessage: null,
  updatedAt: 0,
  own: null,
};
const message = (seq: number, version = seq) => createFakeMessage({ id: `m${seq}`, seq, version, text: `v${version}` });

function page(messages: Message[], rest: Partial<ThreadPage> = {}): ThreadPage {
  const lastSeq = Math.max(0, ...messages.map(({ version }) => version));
  return { thread, messages, hasOlder: false, gap: false, lastSeq, ...rest };
}

function opened(...messages: Message[]): MessageLog {
  const log = new MessageLog('ada');
  log.open(page(messages, { hasOlder: (messages[0]?.seq ?? 1) > 1 }));
  return log;
}

const rows = (log: MessageLog) => log.entries.all.map((entry) => `${entry.message.seq}:${entry.message.version}`);

describe('what is known of a thread', () => {
  it('S6 of two copies of a message the greater version stays, in whatever order they come', () => {
    const log = opened(message(1));
    log.take(message(1, 3));
    log.take(message(1, 2));
    log.prepend({ messages: [message(1)], hasOlder: false });
    expect(rows(log)).toEqual(['1:3']);
    expect(log).toMatchObject({ known: 3, hasHole: false });
  });

  it('C14 joins what comes next, tells a hole, and closes it however it is filled', () => {
    const log = opened(message(1), message(2));
    expect(log.known).toBe(2);
    log.take(message(5));
    expect(log).toMatchObject({ known: 2, hasHole: true });
    log.take(message(3));
    log.take(message(1, 4));
    expect(log).toMatchObject({ known: 5, hasHole: false });
    log.take(message(8));
    log.open(page([message(6), message(7)]));
    expect(log).toMatchObject({ known: 8, hasHole: false });
    expect(rows(log)).toEqual(['1:4', '2:2', '3:3', '5:5', '6:6', '7:7', '8:8']);
  });

  it('takes in what comes after a first page, also where the backend goes on using its list', () => {
    const list = [message(1)];
    const log = opened(...list);
    const another = new MessageLog('ada');
    another.open(page(list));
    list.push(message(2));
    for (const each of [log, another]) {
      each.take(message(2));
      each.take(message(1, 3));
      expect(rows(each)).toEqual(['1:3', '2:2']);
    }
  });

  it('goes elsewhere from two hundred thousand messages', () => {
    const log = new MessageLog('ada');
    const messages = Array.from({ length: 200_000 }, (_, index) => message(index + 10));
    log.open({ thread, messages, hasOlder: true, gap: false, lastSeq: 200_009 });
    log.moveTo({ messages: [message(1)], hasOlder: false, hasNewer: true });
    expect(rows(log)).toEqual(['1:1']);
  });

  it('a resume brings what changed further back, too, and counts places that newer ones superseded', () => {
    const log = opened(message(1), message(2));
    log.open(page([message(1, 6)], { lastSeq: 7 }));
    expect(rows(log)).toEqual(['1:6', '2:2']);
    expect(log.known).toBe(7);
  });

  it('a change of a message that is not loaded counts, shows nothing, and is not undone by an older page', () => {
    const log = opened(message(5), message(6));
    log.take(message(2, 7));
    expect(rows(log)).toEqual(['5:5', '6:6']);
    expect(log).toMatchObject({ known: 7, hasHole: false });
    log.prepend({ messages: [message(2), message(3), message(4)], hasOlder: true });
    expect(rows(log)).toEqual(['2:7', '3:3', '4:4', '5:5', '6:6']);
    expect(log.hasOlder).toBe(true);
  });

  it('C15 after a gap only what joins the new page shows, and what came live meanwhile', () => {
    const log = opened(message(1), message(2));
    log.take(message(14));
    log.open(page([message(10), message(11), message(12), message(13)], { gap: true, hasOlder: true }));
    expect(rows(log)).toEqual(['10:10', '11:11', '12:12', '13:13', '14:14']);
    expect(log).toMatchObject({ known: 14, hasHole: false, hasOlder: true });
  });

  it('C15 what came while a resume was under way is not taken back by its older answer', () => {
    const log = opened(message(1), message(2));
    log.take(message(3));
    log.take(message(1, 4));
    expect(log.open(page([message(3)], { lastSeq: 3 }), 2)).toBe(true);
    expect(log.known).toBe(4);
    expect(log.get('m1')?.version).toBe(4);
    expect(log.open(page([message(2), message(3)], { lastSeq: 3, gap: true, hasOlder: true }), 2)).toBe(true);
    expect([log.known, log.get('m1')?.version]).toEqual([4, 4]);
  });

  it('a log that was put back to an earlier state is forgotten as a whole', () => {
    const log = opened(message(1), message(2), message(3));
    expect(log.open(page([], { lastSeq: 2 }))).toBe(false);
    expect(log.known).toBeNull();
    expect(rows(log)).toEqual([]);
    const other = opened(message(1), message(2), message(3));
    expect(other.open(page([message(1)], { gap: true }))).toBe(true);
    expect(rows(other)).toEqual(['1:1']);
  });

  it('keeps the objects of unchanged rows, and the array where nothing changed', () => {
    const log = opened(message(1), message(2));
    const [first, second] = log.entries.all;
    const before = log.entries;
    log.take(message(2));
    expect(log.entries).toBe(before);
    log.take(message(2, 3));
    expect(log.entries.all[0]).toBe(first);
    expect(log.entries.all[1]).not.toBe(second);
    const changed = log.entries.all[1];
    log.open(page([message(1), message(2, 3)], { gap: true }));
    expect(log.entries.all).toEqual([first, changed]);
    expect(log.entries.all[0]).toBe(first);
  });

  it('C14 S6 whatever the order of arrival, what shows is the newest copy of each message, by number', () => {
    const change = fc.record({ seq: fc.integer({ min: 1, max: 12 }), order: fc.nat() });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 40 }), (changes) => {
        // One place per change; a message's first change creates it.
        const created = new Map<number, number>();
        const log = changes.map(({ seq, order }, index) => {
          const place = index + 1;
          if (!created.has(seq)) created.set(seq, place);
          return { order, message: message(created.get(seq) ?? 0, place) };
        });
        const client = opened();
        for (const entry of [...log].sort((a, b) => a.order - b.order)) client.take(entry.message);
        expect(client).toMatchObject({ known: changes.length, hasHole: false });
        const newest = new Map(log.map((entry) => [entry.message.seq, entry.message.version]));
        const expected = [...newest].sort(([a], [b]) => a - b).map(([seq, version]) => `${seq}:${version}`);
        expect(rows(client)).toEqual(expected);
      }),
    );
  });
});
