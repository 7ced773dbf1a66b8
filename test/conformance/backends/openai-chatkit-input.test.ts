import { afterEach, describe, expect, test, vi } from 'vitest';
import { textOf } from '../../../src/protocol/index.ts';
import { openChatKit } from '../../support/chatkit-client.ts';
import { says } from '../../support/chatkit-server.ts';

const echo: Parameters<typeof openChatKit>[0] = (text, thread) => says(thread, `You said ${text}`);

describe('what a person says to a ChatKit server', () => {
  let world: Awaited<ReturnType<typeof openChatKit>>;
  afterEach(() => world.end());

  const inputs = () => world.server.posted.flatMap(({ params }) => (params['input'] ? [params['input']] : []));

  test('quotes what it answers, and is read back with it', async () => {
    world = await openChatKit(echo);
    const { ask, last, thread, client } = await world.open();
    expect(client.canQuote).toBe(true);
    await ask('one');
    const quoted = last();
    await ask('why?', { replyTo: quoted.id });
    expect(inputs()).toEqual([
      expect.not.objectContaining({ quoted_text: expect.anything() as unknown }),
      expect.objectContaining({ quoted_text: 'You said one' }),
    ]);
    const quote = { text: 'You said one', author: { id: 'assistant', name: 'Assistant' }, deletedAt: null };
    expect(thread.get().messages[2]?.message.replyTo).toMatchObject({ ...quote, id: quoted.id, rootId: quoted.id });

    const again = await world.open(world.remoteId());
    const messages = again.thread.get().messages.map(({ message }) => message);
    expect(messages[2]?.replyTo).toMatchObject({ ...quote, id: messages[1]?.id });
    expect(messages.map(({ replyTo }) => replyTo !== undefined)).toEqual([false, false, true, false]);
  });

  test('a quote of a piece of a message stays that piece', async () => {
    world = await openChatKit(echo);
    const first = await world.open();
    await first.ask('one');
    const thread_id = world.remoteId();
    const base = { thread_id, created_at: new Date(), attachments: [], inference_options: {} };
    const item = (id: string, quoted_text: unknown) => ({
      ...base,
      ...{ id, type: 'user_message', content: [{ type: 'input_text', text: id }], quoted_text },
    });
    for (const each of [item('p1', 'said'), item('p2', 'from nowhere'), item('p3', ''), item('p4', 7)])
      await world.server.store.addThreadItem(thread_id, each as never);
    const { thread } = await world.open(thread_id);
    const of = (id: string) => thread.get().messages.find(({ message }) => message.id === id)?.message.replyTo;
    expect(of('p1')).toMatchObject({ text: 'said', author: { id: 'assistant' } });
    expect(of('p2')).toMatchObject({ text: 'from nowhere', author: { id: 'assistant' } });
    expect([of('p3'), of('p4')]).toEqual([undefined, undefined]);
  });

  test('names things by tags, and reads them back as what is mentioned', async () => {
    const acme = { id: 'acme', text: 'Acme Inc', data: { vat: 7 }, group: 'Clients', interactive: true };
    const searchTags = vi.fn((query: string) => [acme, { id: 'plain', text: query }]);
    world = await openChatKit(echo, { searchTags });
    const { ask, client } = await world.open();
    const { signal } = new AbortController();
    const found = await client.searchMentions!('ac', { threadId: 'room', signal });
    expect(found).toEqual([
      { id: 'acme', name: 'Acme Inc', avatarUrl: null },
      { id: 'plain', name: 'ac', avatarUrl: null },
    ]);
    expect(searchTags).toHaveBeenCalledWith('ac', { threadId: 'room', signal });
    const mentions = [
      { userId: 'acme', label: 'Acme Inc' },
      { userId: 'plain', label: 'ac' },
      { userId: 'nobody', label: 'Ben' },
    ];
    const text = 'Ask @Acme Inc, @ac and @Ben.';
    await ask([{ type: 'text', text, mentions }]);
    expect(inputs()[0]).toMatchObject({
      content: [
        { type: 'input_text', text: 'Ask ' },
        { type: 'input_tag', ...acme },
        { type: 'input_text', text: ', ' },
        { type: 'input_tag', id: 'plain', text: 'ac', data: {}, interactive: false },
        { type: 'input_text', text: ' and @Ben.' },
      ],
    });
    const again = await world.open(world.remoteId());
    const kept = mentions.slice(0, 2);
    expect(again.thread.get().messages[0]?.message.parts).toEqual([{ type: 'text', text, mentions: kept }]);
    // What was read back can be said again.
    await again.ask([{ type: 'text', text: 'And @Acme Inc?', mentions: kept.slice(0, 1) }]);
    expect(inputs()[1]).toMatchObject({ content: [{ text: 'And ' }, { type: 'input_tag', ...acme }, { text: '?' }] });
  });

  test('where the app names no tags, nothing is offered, and what fails is told', async () => {
    world = await openChatKit(echo);
    const { signal } = new AbortController();
    const plain = await world.open();
    expect(await plain.client.searchMentions!('a', { threadId: 'room', signal })).toEqual([]);
    await world.end();
    world = await openChatKit(echo, { searchTags: () => Promise.reject(new Error('down')) });
    const { client } = await world.open();
    await expect(client.searchMentions!('a', { threadId: 'room', signal })).rejects.toMatchObject({ code: 'internal' });
  });

  test('asks for a model and a tool, where the app says which', async () => {
    let model = 'small';
    world = await openChatKit(echo, { inferenceOptions: () => ({ model, toolChoice: 'search' }) });
    const { ask } = await world.open();
    await ask('one');
    model = 'large';
    await ask('two');
    expect(inputs()).toMatchObject([
      { inference_options: { model: 'small', tool_choice: { id: 'search' } } },
      { inference_options: { model: 'large', tool_choice: { id: 'search' } } },
    ]);
  });

  test('what the server has locked or closed can be read, and not written in, until it is open again', async () => {
    world = await openChatKit(async function* (text, thread) {
      yield* says(thread, `You said ${text}`);
      if (text !== 'one') thread.status = { type: text === 'lock' ? 'locked' : 'closed' } as never;
    });
    const { ask, thread, client } = await world.open();
    client.threads.subscribe(() => {});
    await ask('one');
    expect(thread.get().thread?.role).toBe('owner');
    await ask('lock');
    await vi.waitFor(() => expect(thread.get().thread?.role).toBe('readonly'));
    const again = await world.open(world.remoteId());
    expect(again.thread.get().thread?.role).toBe('readonly');
    again.client.threads.subscribe(() => {});
    await vi.waitFor(() => expect(again.client.threads.get().threads.map(({ role }) => role)).toEqual(['readonly']));
    const stored = await world.server.store.loadThread(world.remoteId());
    stored.status = { type: 'active' };
    expect((await world.open(world.remoteId())).thread.get().thread?.role).toBe('owner');
  });

  test('a conversation is deleted, there and here', async () => {
    world = await openChatKit(echo);
    const { ask, thread, client } = await world.open();
    client.threads.subscribe(() => {});
    await ask('one');
    const remote = world.remoteId();
    await thread.remove();
    expect(world.server.posted.at(-1)).toMatchObject({ type: 'threads.delete', params: { thread_id: remote } });
    expect(world.server.store.threads.size).toBe(0);
    await vi.waitFor(() => expect(client.threads.get().threads).toEqual([]));
    expect(thread.get()).toMatchObject({ status: 'refused', messages: [] });
    // Under the same name another one can begin.
    const again = await world.open();
    await again.ask('two');
    expect(again.thread.get().messages.map(({ message }) => textOf(message.parts))).toEqual(['two', 'You said two']);
  });

  test('one that the server does not delete stays', async () => {
    world = await openChatKit(echo);
    const { ask, thread } = await world.open();
    await ask('one');
    const remote = world.remoteId();
    vi.spyOn(world.server.store, 'deleteThread').mockRejectedValue(new Error('Thread not found'));
    await expect(thread.remove()).rejects.toMatchObject({ status: 404 });
    expect(world.server.store.threads.has(remote)).toBe(true);
    expect(thread.get()).toMatchObject({ status: 'ready', messages: [{}, {}] });
  });

  test('one that was never sent to the server is deleted without asking it', async () => {
    world = await openChatKit(echo);
    const { thread } = await world.open('fresh');
    await thread.remove();
    expect(world.server.posted).toEqual([]);
  });
});
