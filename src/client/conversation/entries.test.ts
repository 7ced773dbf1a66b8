import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChatError } from '../../protocol/index.ts';
import type { Message } from '../../protocol/index.ts';
import {
  joinedSeq,
  mergeMessages,
  pendingEntry,
  replaceSent,
  withFailed,
  withoutPending,
  withResent,
} from './entries.ts';

const ada = { id: 'ada', name: 'Ada', avatarUrl: null };
const ben = { id: 'ben', name: 'Ben', avatarUrl: null };
const message = (seq: number, id = `m${seq}`, author = ben): Message => ({
  id,
  threadId: 't',
  seq,
  author,
  parts: [{ type: 'text', text: id }],
  createdAt: seq,
});
const pending = (id: string) => pendingEntry(id, 't', ada, [{ type: 'text', text: id }], 0);
const ids = (entries: readonly { message: Message }[]) => entries.map((entry) => entry.message.id);

describe('entries', () => {
  it('S1 one row for a message, acknowledged and echoed in either order', () => {
    const before = mergeMessages([pending('mine')], [message(1)], 'ada');
    const once = mergeMessages(before, [message(2, 'mine', ada)], 'ada');
    expect(ids(once)).toEqual(['m1', 'mine']);
    expect(once[1]).toMatchObject({ delivery: 'sent', mine: true, error: null, message: { seq: 2 } });
    expect(mergeMessages(once, [message(2, 'mine', ada)], 'ada')).toBe(once);
  });

  it('keeps the objects of unchanged rows, and the array where nothing changed', () => {
    const a = mergeMessages([], [message(1), message(2)], 'ada');
    const b = mergeMessages(a, [message(3)], 'ada');
    expect(b[0]).toBe(a[0]);
    expect(b[1]).toBe(a[1]);
    expect(mergeMessages(b, [message(2), message(3)], 'ada')).toBe(b);
    expect(mergeMessages(b, [], 'ada')).toBe(b);
  });

  it('S6 a newer word of the server replaces the row', () => {
    const a = mergeMessages([], [message(1)], 'ada');
    const b = mergeMessages(a, [{ ...message(1), parts: [{ type: 'text', text: 'new' }] }], 'ada');
    expect(b[0]).not.toBe(a[0]);
    expect(b[0]?.message.parts[0]?.text).toBe('new');
  });

  it('one message per number: the newer one stays', () => {
    expect(ids(mergeMessages(mergeMessages([], [message(1, 'x')], 'ada'), [message(1, 'y')], 'ada'))).toEqual(['y']);
  });

  it('C15 a gap drops what was sent, not what is unsent or failed, nor what came live since', () => {
    const error = new ChatError('message_conflict', 'no');
    const entries = withFailed(
      mergeMessages([pending('a'), pending('b')], [message(1), message(2), message(12)], 'ada'),
      'a',
      error,
    );
    expect(ids(replaceSent(entries, [message(10), message(11)], 'ada'))).toEqual(['m10', 'm11', 'm12', 'a', 'b']);
  });

  it('failed, resent and discarded touch only what is unsent', () => {
    const error = new ChatError('message_conflict', 'no');
    const start = mergeMessages([pending('a'), pending('b')], [message(1)], 'ada');
    const failed = withFailed(start, 'a', error);
    expect(failed[1]).toMatchObject({ delivery: 'failed', error });
    expect(withFailed(start, 'm1', error)[0]).toBe(start[0]);
    expect(ids(withResent(failed, 'a'))).toEqual(['m1', 'b', 'a']);
    expect(ids(withoutPending(failed, 'a'))).toEqual(['m1', 'b']);
    expect(ids(withoutPending(failed, 'm1'))).toEqual(['m1', 'a', 'b']);
  });

  it('whatever the order of arrival, the rows are each message once, by number, the unsent last', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 6 }), { maxLength: 12 }),
        (batches) => {
          let entries: ReturnType<typeof mergeMessages> = [pending('p'), pending('q')];
          for (const batch of batches)
            entries = mergeMessages(
              entries,
              batch.map((seq) => message(seq)),
              'ada',
            );
          const numbers = [...new Set(batches.flat())].sort((a, b) => a - b);
          expect(ids(entries)).toEqual([...numbers.map((seq) => `m${seq}`), 'p', 'q']);
          let joined = 0;
          while (numbers.includes(joined + 1)) joined += 1;
          expect(joinedSeq(entries, 0)).toBe(joined);
        },
      ),
    );
  });
});
