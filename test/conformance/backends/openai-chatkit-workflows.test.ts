import { afterEach, describe, expect, test, vi } from 'vitest';
import { openChatKit } from '../../support/chatkit-client.ts';
import { says } from '../../support/chatkit-server.ts';

describe('what a ChatKit server is at', () => {
  let world: Awaited<ReturnType<typeof openChatKit>>;
  afterEach(() => world.end());

  const updated = (type: string, more: object) => ({
    type: 'thread.item.updated',
    item_id: 'wf_1',
    update: { type: `workflow.task.${type}`, ...more },
  });
  const thought = (content: string, status_indicator = 'loading') => ({ type: 'thought', content, status_indicator });
  const search = {
    type: 'web_search',
    title: 'Searching',
    queries: ['cups'],
    sources: [],
    status_indicator: 'complete',
  };

  test('a workflow grows task by task, and is the same after a reload', async () => {
    const seen: unknown[] = [];
    world = await openChatKit(async function* (_, remote) {
      const item = { id: 'wf_1', thread_id: remote.id, created_at: new Date(), type: 'workflow' };
      const workflow = { type: 'reasoning', tasks: [], summary: null, expanded: true };
      yield { type: 'thread.item.added', item: { ...item, workflow } };
      yield updated('added', { task_index: 0, task: thought('Which') });
      yield updated('updated', { task_index: 0, task: thought('Which cups?', 'complete') });
      yield updated('added', { task_index: 1, task: search });
      const whole = { ...workflow, tasks: [thought('Which cups?', 'complete'), search], summary: { duration: 12 } };
      yield { type: 'thread.item.done', item: { ...item, workflow: { ...whole, expanded: false } } };
      yield {
        type: 'thread.item.done',
        item: { ...item, id: 'tsk_1', type: 'task', task: { ...search, title: 'Found' } },
      };
      yield* says(remote, 'These.');
    });
    const first = await world.open();
    first.thread.subscribe(() => seen.push(first.thread.get().messages.at(-1)?.message.parts[0]));
    await first.ask('cups');
    const parts = [
      {
        type: 'data-chatkit-workflow',
        id: 'wf_1',
        data: {
          workflow: {
            type: 'reasoning',
            tasks: [{ content: 'Which cups?', status_indicator: 'complete' }, { queries: ['cups'] }],
            summary: { duration: 12 },
            expanded: false,
          },
        },
      },
      { type: 'data-chatkit-task', id: 'tsk_1', data: { task: { title: 'Found' } } },
      { type: 'text', text: 'These.' },
      { type: 'source-url' },
    ];
    expect(first.last().parts).toMatchObject(parts);
    const again = await world.open(world.remoteId());
    expect(again.last().parts).toMatchObject(parts);
  });

  test('a picture that is being made is a step, and in the end a picture', async () => {
    let goOn = () => {};
    let takesBack = false;
    const waits = new Promise<void>((resolve) => (goOn = resolve));
    const image = { id: 'i', url: 'https://example.com/cup.png' };
    world = await openChatKit(async function* (_, remote) {
      const item = { id: 'img_1', thread_id: remote.id, created_at: new Date(), type: 'generated_image' };
      yield* says(remote, 'Here.');
      yield { type: 'thread.item.added', item: { ...item, image: null } };
      const update = { type: 'generated_image.updated', image, progress: 0.4 };
      yield { type: 'thread.item.updated', item_id: 'img_1', update };
      await waits;
      yield { type: 'thread.item.done', item: { ...item, image } };
      yield* says(remote, 'Done.');
      // Taken back, it is gone with its step, and nothing else is told twice.
      if (takesBack) yield { type: 'thread.item.removed', item_id: 'img_1' };
    });
    const { thread, last, ended, ask } = await world.open();
    thread.send('draw');
    await vi.waitFor(() => {
      const parts = thread.answerParts(last().id).get();
      expect(parts.map(({ type }) => type)).toEqual(['text', 'source-url', 'data-chatkit-task']);
      expect(parts.at(-1)).toMatchObject({
        id: 'img_1',
        data: { task: { type: 'image', status_indicator: 'loading' } },
      });
    });
    goOn();
    await ended();
    expect(last().parts.map(({ type }) => type)).toEqual(['text', 'source-url', 'file', 'text', 'source-url']);
    expect(last().parts[2]).toMatchObject({ url: image.url, mediaType: 'image/png' });
    takesBack = true;
    await ask('draw');
    expect(last().parts.map(({ type }) => type)).toEqual(['text', 'source-url', 'text', 'source-url']);
  });

  test('what names a place that there is not, or no task, changes nothing and ends nothing', async () => {
    world = await openChatKit(async function* (_, remote) {
      const item = { id: 'wf_1', thread_id: remote.id, created_at: new Date(), type: 'workflow' };
      yield { type: 'thread.item.added', item: { ...item, workflow: { type: 'custom', tasks: [search] } } };
      for (const task_index of [-1, 2, 0.5, 4_000_000_000, 'length', null])
        yield updated('added', { task_index, task: search });
      yield updated('updated', { task_index: 0, task: null });
      yield updated('levitated', { task_index: 0, task: thought('no') });
      yield { type: 'thread.item.added', item: { ...item, id: 'wf_2', workflow: null } };
      yield { ...updated('added', { task_index: 0, task: search }), item_id: 'wf_2' };
      yield { ...updated('added', { task_index: 0, task: search }), item_id: 'tsk_2' };
      yield* says(remote, 'Still here.');
    });
    const { ask, last } = await world.open();
    await ask('cups');
    expect(last().parts).toMatchObject([
      { id: 'wf_1', data: { workflow: { tasks: [search] } } },
      { id: 'wf_2', type: 'data-chatkit-workflow' },
      { type: 'text', text: 'Still here.' },
      { type: 'source-url' },
    ]);
  });
});
