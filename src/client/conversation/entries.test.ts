import { describe, expect, it } from 'vitest';
import { ChatError, textOf } from '../../protocol/index.ts';
import type { Message } from '../../protocol/index.ts';
import { createFakeMessage } from '../../testing/index.ts';
import { EntryView } from './entries.ts';
import { afterRefusal, outboxItem } from './OutboxItem.ts';
import type { OutboxItem, OutboxTask } from './OutboxItem.ts';
import { EntryMaker, StoredEntries } from './StoredEntries.ts';

const ada = { id: 'ada', name: 'Ada', avatarUrl: null };
const NO = new ChatError('action_forbidden', 'No.');
const text = (value: string) => [{ type: 'text' as const, text: value }];
const item = (messageId: string, task: OutboxTask, error: ChatError | null = null): OutboxItem => ({
  ...outboxItem('t', messageId, 7, task),
  error: error?.toWire() ?? null,
});
const maker = new EntryMaker('ada');
const stored = (...messages: Message[]) => new StoredEntries(messages, maker);
const message = createFakeMessage({
  id: 'm',
  text: 'before',
  reactions: [
    { emoji: '👍', count: 2, userIds: ['ben', 'ada'] },
    { emoji: '🎉', count: 1, userIds: ['ada'] },
  ],
});
const base = stored(message);

describe('rows', () => {
  it('S1 what is unsent stands last, in order, as sending or as failed with its reason', () => {
    const items = [item('a', { type: 'send', parts: text('a') }), item('b', { type: 'send', parts: text('b') }, NO)];
    const rows = new EntryView().entries(base, items, ada).all;
    expect(rows.map(({ message, delivery, mine }) => [message.id, message.seq, delivery, mine])).toEqual([
      ['m', 1, 'sent', true],
      ['a', 0, 'sending', true],
      ['b', 0, 'failed', true],
    ]);
    expect(rows[2]?.error).toMatchObject({ code: 'action_forbidden' });
    expect(rows[1]?.message).toMatchObject({ author: ada, createdAt: 7, version: 0 });
  });

  it.each<[OutboxTask, Partial<Message>]>([
    [
      { type: 'edit', parts: text('after') },
      { parts: text('after'), editedAt: 7 },
    ],
    [{ type: 'delete' }, { parts: [], reactions: [], deletedAt: 7 }],
    [
      { type: 'react', emoji: '🚀' },
      { reactions: [...message.reactions, { emoji: '🚀', count: 1, userIds: ['ada'] }] },
    ],
    [{ type: 'react', emoji: '👍' }, { reactions: message.reactions }],
    [
      { type: 'unreact', emoji: '👍' },
      { reactions: [{ emoji: '👍', count: 1, userIds: ['ben'] }, message.reactions[1]!] },
    ],
    [{ type: 'unreact', emoji: '🎉' }, { reactions: [message.reactions[0]!] }],
    [{ type: 'unreact', emoji: '🚀' }, { reactions: message.reactions }],
  ])('S7 %j shows as done while it is saved, and is undone where it is refused', (task, expected) => {
    const view = new EntryView();
    const [shown] = view.entries(base, [item('m', task)], ada).all;
    expect(shown?.message).toEqual({ ...message, ...expected });
    expect(shown).toMatchObject({ delivery: 'sent', change: { type: task.type, status: 'saving', error: null } });
    const [refused] = view.entries(base, [item('m', task, NO)], ada).all;
    expect(refused?.message).toBe(message);
    expect(refused?.change).toMatchObject({ status: 'failed', error: { code: 'action_forbidden' } });
    expect(view.entries(base, [], ada)).toBe(base);
  });

  it('S7 changes stand on whatever the server says meanwhile, in the order in which they were made', () => {
    const items = [
      item('m', { type: 'edit', parts: text('one') }),
      item('m', { type: 'edit', parts: text('two') }),
      item('m', { type: 'react', emoji: '👍' }),
    ];
    const view = new EntryView();
    view.entries(base, items, ada);
    const newer = stored({ ...message, version: 9, reactions: [{ emoji: '👍', count: 1, userIds: ['cy'] }] });
    const [shown] = view.entries(newer, items, ada).all;
    expect(shown?.message).toMatchObject({
      version: 9,
      parts: text('two'),
      reactions: [{ emoji: '👍', count: 2, userIds: ['cy', 'ada'] }],
    });
    const gone = stored({ ...message, version: 10, parts: [], reactions: [], deletedAt: 3 });
    expect(view.entries(gone, items, ada).at(0)?.message).toBe(gone.messages[0]);
  });

  it('a file that only its id is known of shows where the message has it already', () => {
    const file = {
      type: 'file' as const,
      attachmentId: 'f',
      mediaType: 'image/png',
      filename: 'f.png',
      size: 1,
      width: 1,
      height: 1,
      url: '/f',
      urlExpiresAt: 1,
    };
    const parts = [{ type: 'file' as const, attachmentId: 'f' }, ...text('x')];
    const withFile = stored({ ...message, parts: [file] });
    expect(new EntryView().entries(withFile, [item('m', { type: 'edit', parts })], ada).at(0)?.message.parts).toEqual([
      file,
      ...text('x'),
    ]);
    expect(new EntryView().entries(stored(), [item('n', { type: 'send', parts })], ada).at(0)?.message.parts).toEqual(
      text('x'),
    );
    expect(
      new EntryView().entries(stored(), [item('n', { type: 'send', parts: [file] })], ada).at(0)?.message.parts,
    ).toEqual([file]);
  });

  it('what did not change keeps its object, one by one and in the array, and the list where nothing did', () => {
    const view = new EntryView();
    const two = stored(message, createFakeMessage({ id: 'other', seq: 2 }));
    const items = [item('m', { type: 'delete' }), item('n', { type: 'send', parts: text('n') })];
    const before = view.entries(two, items, ada);
    const others = [0, 1, 2].map((at) => before.at(at));
    expect(before.at(3)).toBeUndefined();
    expect(view.entries(two, items, ada)).toBe(before);
    const three = two.with(2, 0, createFakeMessage({ id: 'third', seq: 3 }));
    const after = view.entries(three, [...items], ada);
    expect(after.length).toBe(4);
    for (const [index, at] of [0, 1, 3].entries()) {
      expect(after.at(at)).toBe(others[index]);
      expect(after.all[at]).toBe(others[index]);
      expect(after.messages[at]).toBe(others[index]?.message);
    }
  });
});

describe('a refusal', () => {
  it('S4 keeps a message with what it said last; what was to be done to it is done to its text', () => {
    const send = item('n', { type: 'send', parts: text('first') });
    const later = [item('n', { type: 'edit', parts: text('last') }), item('n', { type: 'react', emoji: '👍' })];
    const { drop, put } = afterRefusal(send, NO, [send, ...later, item('m', { type: 'delete' })]);
    expect(drop).toEqual(later);
    expect(put).toMatchObject({ id: 'n', error: { code: 'action_forbidden' } });
    expect(put?.task.type === 'send' && textOf([...put.task.parts])).toBe('last');
    const deleted = item('n', { type: 'delete' });
    expect(afterRefusal(send, NO, [send, deleted])).toEqual({ drop: [send, deleted], put: null });
  });

  it('S7 keeps an edit and a deletion for the person to decide, and drops a reaction', () => {
    const edit = item('m', { type: 'edit', parts: text('x') });
    expect(afterRefusal(edit, NO, [edit])).toMatchObject({ drop: [], put: { id: edit.id, task: edit.task } });
    const reaction = item('m', { type: 'react', emoji: '👍' });
    expect(afterRefusal(reaction, NO, [reaction])).toEqual({ drop: [reaction], put: null });
  });
});
