import { expect, test, vi } from 'vitest';
import { createFakeBackend, createFakeFetchToken } from '../../testing/index.ts';
import { createChatClient } from '../createChatClient.ts';

async function open() {
  const backend = createFakeBackend({ threads: [{ id: 'help', messages: [{ author: 'ada', text: 'Hi', id: 'm1' }] }] });
  const client = createChatClient({ userId: 'ada', backend, fetchToken: createFakeFetchToken({ userId: 'ada' }) });
  client.retain();
  const thread = client.thread('help');
  let changes = 0;
  thread.subscribe(() => (changes += 1));
  await vi.waitFor(() => expect(thread.get().status).toBe('ready'));
  return { backend, client, thread, changes: () => changes };
}
const say = (delta: string) => ({ type: 'text-delta', id: 't', delta });

test('an answer grows for who shows it, and the thread’s own state changes at its beginning and its end alone', async () => {
  const { backend, client, thread, changes } = await open();
  const answer = backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a1' });
  const parts = thread.answerParts('a1');
  let told = 0;
  parts.subscribe(() => (told += 1));
  const before = changes();
  answer.write({ type: 'text-start', id: 't' });
  for (let word = 0; word < 100; word += 1) answer.write(say('x'));
  await vi.waitFor(() => expect(parts.get()).toMatchObject([{ type: 'text', text: 'x'.repeat(100) }]));
  // Once a frame, and not once a word.
  expect(told).toBeLessThan(10);
  expect(changes()).toBe(before);
  answer.write({ type: 'text-end', id: 't' });
  answer.end();
  expect(thread.get().messages.at(-1)?.message).toMatchObject({
    parts: [{ text: 'x'.repeat(100), state: 'done' }],
    answer: { status: 'done' },
  });
  client.dispose();
});

test('however many pieces come within one frame of the screen, one frame is asked for', async () => {
  const asked = vi.fn((callback: FrameRequestCallback) => setTimeout(callback, 16) as unknown);
  vi.stubGlobal('requestAnimationFrame', asked);
  const { backend, client, thread } = await open();
  const answer = backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a1' });
  const parts = thread.answerParts('a1');
  answer.write({ type: 'text-start', id: 't' });
  await vi.waitFor(() => expect(parts.get()).toHaveLength(1));
  asked.mockClear();
  for (let word = 0; word < 100; word += 1) answer.write(say('x'));
  expect(asked).toHaveBeenCalledTimes(1);
  await vi.waitFor(() => expect(parts.get()).toMatchObject([{ text: 'x'.repeat(100) }]));
  vi.unstubAllGlobals();
  client.dispose();
});

test('who shows an answer after it began sees all of it, and the far side is not asked again', async () => {
  const { backend, client, thread } = await open();
  const growing = backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a1' });
  growing.write({ type: 'text-start', id: 't' });
  growing.write(say('Well, '));
  await vi.dynamicImportSettled();
  const parts = thread.answerParts('a1');
  expect(parts.get()).toMatchObject([{ text: 'Well, ' }]);
  growing.write(say('now'));
  await vi.waitFor(() => expect(parts.get()).toMatchObject([{ text: 'Well, now' }]));
  expect(backend.requests.map(({ name }) => name)).not.toContain('resumeAnswer');
  client.dispose();
});

test('S8 stopping asks the far side, and its answer shows', async () => {
  const { backend, client, thread } = await open();
  backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a1' });
  await thread.stopAnswer('a1');
  expect(thread.get().messages.at(-1)?.message.answer?.status).toBe('stopped');
  await thread.retryAnswer('a1');
  expect(thread.get().messages.at(-1)?.message.answer).toMatchObject({ status: 'streaming', run: 2 });
  expect(backend.requests.map(({ name }) => name)).toEqual(expect.arrayContaining(['stopAnswer', 'retryAnswer']));
  client.dispose();
});

test('who begins to look in the middle sees what there is, though nothing more comes', async () => {
  const { backend, client, thread } = await open();
  const answer = backend.answer({ threadId: 'help', author: 'bot', to: 'm1', id: 'a1' });
  answer.write({ type: 'text-start', id: 't' }, say('so far'));
  // The reducer is loaded with the first chunk.
  await new Promise((resolve) => setTimeout(resolve, 50));
  await vi.waitFor(() => expect(thread.answerParts('a1').get()).toMatchObject([{ text: 'so far' }]));
  client.dispose();
});
