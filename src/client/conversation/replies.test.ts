import { describe, expect, it } from 'vitest';
import { textOf } from '../../protocol/index.ts';
import { createFakeBackend, FakeClock, type FakeBackendOptions } from '../../testing/index.ts';
import { openClient } from '../test-fixtures.ts';
import type { MessageEntry, RepliesState } from './types.ts';

const THREAD = {
  id: 't',
  messages: [
    { author: 'ben', text: 'Which one?', id: 'q' },
    { author: 'ada', text: 'The first.', id: 'a1', replyTo: 'q' },
    { author: 'ben', text: 'Something else', id: 'x' },
  ],
};

async function setup(options: FakeBackendOptions = {}) {
  const clock = new FakeClock();
  const backend = createFakeBackend({ clock, threads: [THREAD], ...options });
  const client = openClient({ userId: 'ada', backend, clock });
  const thread = client.thread('t');
  thread.subscribe(() => {});
  await clock.advance(10);
  const entry = (id: string) => thread.get().messages.find(({ message }) => message.id === id);
  return { clock, backend, client, thread, entry };
}

const words = ({ messages }: RepliesState) => messages.map(({ message }) => textOf(message.parts));
const quoteOf = (entry: MessageEntry | undefined) => entry?.message.replyTo;

describe('a reply', () => {
  it('S1 shows at once what it answers, and the server’s word takes its place', async () => {
    const { clock, backend, thread, entry } = await setup();
    const id = thread.send('Or the second', { replyTo: 'a1' });
    expect(entry(id)).toMatchObject({
      delivery: 'sending',
      message: { replyTo: { id: 'a1', rootId: 'q', text: 'The first.', author: { id: 'ada' } } },
    });
    await clock.advance(10);
    expect(entry(id)).toMatchObject({ delivery: 'sent', message: { replyTo: { id: 'a1', rootId: 'q' } } });
    expect(backend.messages('t').at(-1)).toMatchObject({ id, replyTo: { id: 'a1' } });
    expect(entry('q')?.message.replyCount).toBe(2);
  });

  it('S4 refused it keeps what it answers, through an edit and a retry', async () => {
    const { clock, backend, thread, entry } = await setup({ faults: { sendMessage: 'rate_limited' } });
    backend.setFault('sendMessage', 'action_forbidden');
    const id = thread.send('Or the second', { replyTo: 'q' });
    await clock.advance(10);
    expect(entry(id)).toMatchObject({ delivery: 'failed', message: { replyTo: { id: 'q' } } });
    backend.setFault('sendMessage', null);
    thread.edit(id, 'Or the third');
    await clock.advance(10);
    expect(backend.messages('t').find((message) => message.id === id)).toMatchObject({ replyTo: { id: 'q' } });
  });

  it('to what is not known here is not sent', async () => {
    const { thread } = await setup();
    expect(() => thread.send('x', { replyTo: 'nothing' })).toThrow(
      expect.objectContaining({ code: 'message_not_found' }) as Error,
    );
    expect(thread.get().messages).toHaveLength(3);
  });

  it('quotes what it answers as that is now; other rows keep their objects', async () => {
    const { clock, backend, entry } = await setup();
    const [other, before] = [entry('x'), entry('a1')];
    backend.react({ threadId: 't', messageId: 'q', userId: 'ben', emoji: '👍' });
    expect(entry('a1')).toBe(before);
    backend.edit({ threadId: 't', messageId: 'q', text: 'Which two?' });
    await clock.advance(10);
    expect(quoteOf(entry('a1'))).toMatchObject({ text: 'Which two?' });
    backend.delete({ threadId: 't', messageId: 'q' });
    await clock.advance(10);
    expect(quoteOf(entry('a1'))).toMatchObject({ text: '', deletedAt: expect.any(Number) as number });
    expect(entry('x')).toBe(other);
  });

  it('quotes what it answers as that is now, also what changed while there was no connection', async () => {
    const { clock, backend, entry } = await setup();
    backend.disconnect();
    backend.delete({ threadId: 't', messageId: 'q' });
    backend.goOnline();
    await clock.advance(10_000);
    expect(quoteOf(entry('a1'))).toMatchObject({ text: '', deletedAt: expect.any(Number) as number });
  });
});

describe('the replies that begin with a message', () => {
  it('are read while somebody watches them, and go on live', async () => {
    const { clock, backend, thread } = await setup();
    const replies = thread.replies('q');
    expect(thread.replies('q')).toBe(replies);
    expect(backend.requests.some(({ name }) => name === 'listReplies')).toBe(false);
    const stop = replies.subscribe(() => {});
    await clock.advance(10);
    expect(replies.get()).toMatchObject({ status: 'ready', hasOlder: false, root: { message: { id: 'q' } } });
    expect(words(replies.get())).toEqual(['The first.']);
    backend.receive({ threadId: 't', author: 'ben', text: 'Good', replyTo: 'a1' });
    backend.receive({ threadId: 't', author: 'ben', text: 'Aside' });
    await clock.advance(10);
    expect(words(replies.get())).toEqual(['The first.', 'Good']);
    expect(replies.get().root?.message.replyCount).toBe(2);
    stop();
  });

  it('hold one’s own unsent ones and changes, as the thread does', async () => {
    const { clock, backend, thread } = await setup();
    const replies = thread.replies('q');
    replies.subscribe(() => {});
    await clock.advance(10);
    backend.setFault('sendMessage', 'never-answers');
    thread.send('To the question', { replyTo: 'q' });
    thread.send('To nobody');
    expect(words(replies.get())).toEqual(['The first.', 'To the question']);
    expect(replies.get().messages.at(-1)?.delivery).toBe('sending');
    backend.setFault('sendMessage', null);
    await clock.advance(2_000);
    expect(replies.get().messages.map(({ delivery }) => delivery)).toEqual(['sent', 'sent']);
    thread.delete('a1');
    expect(replies.get().messages[0]).toMatchObject({ change: { type: 'delete' }, message: { parts: [] } });
    thread.react('q', '👍');
    expect(replies.get().root?.message.reactions).toMatchObject([{ emoji: '👍' }]);
  });

  it('come page by page, and again after a loss', async () => {
    const { clock, backend, thread } = await setup();
    for (let n = 1; n <= 60; n++) backend.receive({ threadId: 't', author: 'ben', text: `${n}`, replyTo: 'q' });
    const replies = thread.replies('q');
    replies.subscribe(() => {});
    await clock.advance(10);
    expect(replies.get()).toMatchObject({ hasOlder: true });
    expect(words(replies.get())).toHaveLength(50);
    await Promise.all([replies.loadOlder(), clock.advance(10)]);
    expect(words(replies.get())).toHaveLength(61);
    expect(replies.get().hasOlder).toBe(false);
    backend.disconnect();
    backend.receive({ threadId: 't', author: 'ben', text: 'Missed', replyTo: 'q' });
    backend.goOnline();
    await clock.advance(10_000);
    expect(words(replies.get()).at(-1)).toBe('Missed');
  });

  it('that cannot be read say so', async () => {
    const { clock, thread } = await setup({ faults: { listReplies: 'action_forbidden' } });
    const replies = thread.replies('q');
    replies.subscribe(() => {});
    await clock.advance(10);
    // What the thread knows stands there all the same.
    expect(replies.get()).toMatchObject({ status: 'error', error: { code: 'action_forbidden' } });
    expect(replies.get().root?.message.id).toBe('q');
  });
});
