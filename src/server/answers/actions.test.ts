import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/chat-server.ts';
import type { TestSocket } from '../../../test/support/socket.ts';
import {
  MAX_ACTION_LENGTH,
  MAX_ANSWER_BYTES,
  MAX_KEPT_ACTIONS,
  type AnswerChunk,
  type Message,
} from '../../protocol/index.ts';
import type { ChatServerOptions } from '../types.ts';
import type { PartActionContext } from './types.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkit-actions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let server: TestServer;
afterEach(() => server.stop());

const FORM = { type: 'data-form', id: 'f', data: { state: 'open' } };
const MANY = 1_000_000;

async function* streamOf(...chunks: AnswerChunk[]): AsyncGenerator<AnswerChunk> {
  for (const chunk of [...chunks, { type: 'finish' }]) yield await Promise.resolve(chunk);
}
const text = (id: string, delta: string) => [
  { type: 'text-start', id },
  { type: 'text-delta', id, delta },
  { type: 'text-end', id },
];

/** The answer to what Ada says has a form in it. */
async function start(onAction: ChatServerOptions['onAction'], options: Partial<ChatServerOptions> = {}) {
  server = await startTestServer({
    respond: () => streamOf(FORM, ...text('t', 'Please fill it in.')),
    ...(onAction && { onAction }),
    limits: { frameBurst: MANY, framesPerSecond: MANY, userFrameBurst: MANY, userFramesPerSecond: MANY },
    ...options,
  });
  await server.chat.threads.upsert({ id: 'pair', title: 'Pair', members: ['ada', 'bob'] });
  const [ada, bob] = await Promise.all([server.connect('ada'), server.connect('bob')]);
  for (const each of [ada, bob])
    await each.request({ type: 'thread.subscribe', threadId: 'pair' }, 'thread.subscribed');
  await ada.sendText('pair', 'Book a table', 'm1');
  const answer = await ended(ada);
  const act = (socket: TestSocket, actionId: string, more: object = {}) =>
    socket
      .request(
        {
          type: 'part.act',
          ...{ threadId: 'pair', messageId: answer.id, partId: 'f', actionId, data: { people: 2 } },
          ...more,
        },
        'message.saved',
      )
      .then(({ message }) => message);
  return { ada, bob, answer, act };
}

async function ended(socket: TestSocket): Promise<Message> {
  for (;;) {
    const { message } = await socket.take('message.updated');
    if (message.answer && message.answer.status !== 'streaming') return message;
  }
}

it('what is done to a part reaches the app, and the answer goes on with what it streams', async () => {
  const seen: PartActionContext[] = [];
  const { bob, answer, act } = await start((context) => {
    seen.push(context);
    return streamOf({ ...FORM, data: { state: 'sent' } }, ...text('u', 'Booked.'));
  });
  await ended(bob);
  expect((await act(bob, 'a1')).answer).toMatchObject({ status: 'streaming', run: 2, acts: ['a1'] });
  const final = await ended(bob);
  expect(final).toMatchObject({
    id: answer.id,
    parts: [{ ...FORM, data: { state: 'sent' } }, { text: 'Please fill it in.' }, { text: 'Booked.' }],
    answer: { status: 'done', error: null, acts: ['a1'] },
  });
  expect(seen).toMatchObject([
    {
      thread: { id: 'pair' },
      user: { id: 'bob' },
      message: { id: 'm1', author: { id: 'ada' } },
      answer: { id: answer.id },
      part: FORM,
      action: { id: 'a1', data: { people: 2 } },
    },
  ]);
  expect(seen[0]?.messages.map(({ id }) => id)).toEqual(['m1', answer.id]);
});

it('asked again under its id, it is done once, also after a restart; the newest ids are kept', async () => {
  const database = join(folder, 'once.db');
  let count = 0;
  const onAction = () => void (count += 1);
  const { ada, act } = await start(onAction, { database });
  await act(ada, 'a1');
  expect(await ended(ada)).toMatchObject({ parts: [FORM, {}], answer: { status: 'done', error: null } });
  await Promise.all([act(ada, 'a1'), act(ada, 'a1')]);
  for (let n = 2; n <= MAX_KEPT_ACTIONS + 1; n += 1) {
    await act(ada, `a${n}`);
    await ended(ada);
  }
  expect(count).toBe(MAX_KEPT_ACTIONS + 1);
  const message = await act(ada, `a${MAX_KEPT_ACTIONS + 1}`);
  expect(message.answer?.acts).toHaveLength(MAX_KEPT_ACTIONS);
  await server.stop();
  server = await startTestServer({ database, respond: () => new ReadableStream(), onAction });
  const again = await server.connect('ada');
  const frame = { type: 'part.act', threadId: 'pair', messageId: message.id, partId: 'f', actionId: 'a3', data: null };
  await again.request(frame, 'message.saved');
  expect(count).toBe(MAX_KEPT_ACTIONS + 1);
});

it('of two at the same time one is taken, and while the answer grows none is', async () => {
  let finish = () => {};
  const { ada, bob, act } = await start(async () => {
    await new Promise<void>((resolve) => (finish = resolve));
  });
  const outcomes = await Promise.allSettled([act(ada, 'a1'), act(bob, 'b1')]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(act(ada, 'a2')).rejects.toThrow('answer_growing');
  finish();
  await ended(ada);
  await act(ada, 'a3');
  finish();
});

it('while a person is to answer, the assistant does nothing', async () => {
  let count = 0;
  const { ada, act } = await start(() => void (count += 1));
  await ada.request({ type: 'handover.request', threadId: 'pair' }, 'thread.saved');
  await expect(act(ada, 'a1')).rejects.toThrow('handover_active');
  expect(count).toBe(0);
});

it('what the app throws is told on the answer; its parts stay, and it can be done once more', async () => {
  let broken = true;
  const { ada, act } = await start(() => {
    if (broken) throw new Error('The kitchen burns.');
  });
  await act(ada, 'a1');
  expect(await ended(ada)).toMatchObject({
    parts: [FORM, {}],
    answer: { status: 'failed', error: { code: 'answer_failed' } },
  });
  broken = false;
  await act(ada, 'a2');
  expect((await ended(ada)).answer).toMatchObject({ status: 'done', error: null });
});

it('an answer does not grow without end by what is done to it', async () => {
  const note = { type: 'data-note', data: 'x'.repeat(MAX_ANSWER_BYTES / 4) };
  const { ada, act } = await start(() => streamOf(note));
  for (let n = 1; n <= 3; n += 1) {
    await act(ada, `a${n}`);
    expect((await ended(ada)).answer?.status).toBe('done');
  }
  await act(ada, 'a4');
  expect((await ended(ada)).answer?.error?.code).toBe('answer_too_long');
});

it('Bad input: what is not there, or is no such part, or too much, is refused and starts nothing', async () => {
  let count = 0;
  const { ada, answer, act } = await start(() => void (count += 1));
  let deep: unknown = 1;
  for (let n = 0; n < 40; n += 1) deep = [deep];
  const cases: [object, string][] = [
    [{ partId: 'nowhere' }, 'bad_request'],
    [{ partId: 't' }, 'bad_request'],
    [{ partId: '' }, 'bad_request'],
    [{ actionId: 'a b' }, 'bad_request'],
    [{ data: undefined }, 'bad_request'],
    [{ data: deep }, 'bad_request'],
    [{ data: 'x'.repeat(MAX_ACTION_LENGTH) }, 'bad_request'],
    [{ messageId: 'm1' }, 'message_not_found'],
    [{ messageId: 'nowhere' }, 'message_not_found'],
    [{ threadId: 'nowhere' }, 'thread_not_found'],
  ];
  for (const [more, code] of cases) await expect(act(ada, 'a1', more), JSON.stringify(more)).rejects.toThrow(code);
  await expect(act(await server.connect('eve'), 'a1')).rejects.toThrow('thread_forbidden');
  expect(count).toBe(0);
  expect(answer.answer).not.toHaveProperty('acts');
});

it('a server that takes none says so, and one without an assistant cannot take any', async () => {
  const { ada, act } = await start(undefined);
  await expect(act(ada, 'a1')).rejects.toThrow('action_forbidden');
  await expect(startTestServer({ onAction: () => {} })).rejects.toMatchObject({ code: 'invalid_options' });
  await expect(startTestServer({ respond: () => new ReadableStream(), onAction: 7 as never })).rejects.toMatchObject({
    code: 'invalid_options',
  });
});
