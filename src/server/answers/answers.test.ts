import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/chat-server.ts';
import type { TestSocket } from '../../../test/support/socket.ts';
import { AnswerParts } from '../../protocol/answers/index.ts';
import { MAX_ANSWER_BYTES, textOf, type AnswerChunk, type Message, type Rating } from '../../protocol/index.ts';
import { openStorage } from '../storage/openStorage.ts';
import type { ChatServerOptions } from '../types.ts';
import type { RatedAnswer, RespondContext } from './types.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkit-answers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let server: TestServer;
afterEach(() => server.stop());

async function start(options: Partial<ChatServerOptions>): Promise<void> {
  server = await startTestServer(options);
  await server.chat.threads.upsert({ id: 'pair', title: 'Pair', members: ['ada', 'bob'] });
}

const open = (socket: TestSocket) =>
  socket.request({ type: 'thread.subscribe', threadId: 'pair' }, 'thread.subscribed');
const about = (messageId: string) => ({ threadId: 'pair', messageId });
const say = (delta: string) => ({ type: 'text-delta', id: 't', delta });
const begin = { type: 'text-start', id: 't' };
const end = [{ type: 'text-end', id: 't' }, { type: 'finish' }];

/** A stream of an answer that is known. */
const streamOf = (chunks: AnswerChunk[]) =>
  new ReadableStream<AnswerChunk>({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

/** A stream in the test's hand. */
function scripted() {
  let controller!: ReadableStreamDefaultController<{ type: string }>;
  const contexts: RespondContext[] = [];
  const respond = (context: RespondContext) => {
    contexts.push(context);
    return new ReadableStream<{ type: string }>({ start: (given) => void (controller = given) });
  };
  return {
    respond,
    contexts,
    write: (...chunks: AnswerChunk[]) => chunks.forEach((chunk) => controller.enqueue(chunk)),
    fail: (error: Error) => controller.error(error),
    close: () => controller.close(),
  };
}

/** What a client knows of an answer: chunks joined by number, as the protocol says. */
class Reader {
  #parts: AnswerParts;
  #at: number;
  constructor({ parts, answer }: Message) {
    this.#parts = new AnswerParts(parts, answer?.open);
    this.#at = answer?.at ?? 0;
  }
  get text(): string {
    return textOf([...this.#parts.parts]);
  }
  async until(socket: TestSocket, text: string): Promise<void> {
    while (this.text !== text) {
      const { at, chunks } = await socket.take('answer.streamed');
      expect(at).toBeLessThanOrEqual(this.#at);
      for (const chunk of chunks.slice(this.#at - at)) this.#parts.add(chunk);
      this.#at = Math.max(this.#at, at + chunks.length);
    }
  }
}

async function answered(socket: TestSocket): Promise<Message> {
  for (;;) {
    const { message } = await socket.take('message.created');
    if (message.answer) return message;
  }
}
async function ended(socket: TestSocket): Promise<Message> {
  for (;;) {
    const { message } = await socket.take('message.updated');
    if (message.answer && message.answer.status !== 'streaming') return message;
  }
}

describe('an answer', () => {
  it('reaches every member live and is stored with its end', async () => {
    const stream = scripted();
    await start({ respond: stream.respond, assistant: { id: 'bot', name: 'Botty' } });
    const [ada, bob] = await Promise.all([server.connect('ada'), server.connect('bob')]);
    await Promise.all([open(ada), open(bob)]);
    await ada.sendText('pair', 'Hello?', 'm1');
    const [forAda, forBob] = await Promise.all([answered(ada), answered(bob)]);
    expect(forBob).toEqual(forAda);
    expect(forAda).toMatchObject({
      author: { id: 'bot', name: 'Botty' },
      parts: [],
      answer: { status: 'streaming', to: 'm1' },
    });
    stream.write({ type: 'start' }, begin, say('Hel'), say('lo'), { type: 'hologram' });
    const readers = [new Reader(forAda), new Reader(forBob)];
    await Promise.all([readers[0]!.until(ada, 'Hello'), readers[1]!.until(bob, 'Hello')]);
    stream.write(say(' Ada'), ...end);
    const final = await ended(bob);
    expect(final).toMatchObject({
      parts: [{ type: 'text', text: 'Hello Ada', state: 'done' }],
      answer: { status: 'done', error: null },
    });
    expect(final.answer?.open).toBeUndefined();
    expect(final.version).toBe(final.seq + 1);
    expect(stream.contexts[0]).toMatchObject({
      user: { id: 'ada' },
      thread: { id: 'pair' },
      messages: [{ id: 'm1', role: 'user', parts: [{ type: 'text', text: 'Hello?' }] }],
    });
    const { messages } = await open(await server.connect('ada'));
    expect(messages.at(-1)).toEqual(final);
  });

  it('is given from what was written, however often the conversation was renamed since', async () => {
    const contexts: RespondContext[] = [];
    await start({
      respond: (context) => {
        contexts.push(context);
        return streamOf([begin, say('Yes'), ...end]);
      },
      respondTo: ({ message }) => textOf(message.parts).endsWith('?'),
    });
    const owners = ['ada', 'bob'].map((id) => ({ id, role: 'owner' as const }));
    await server.chat.threads.upsert({ id: 'pair', title: 'Pair', members: owners });
    // Two of them: one alone would be told to slow down.
    const [ada, bob] = await Promise.all([server.connect('ada'), server.connect('bob')]);
    await open(ada);
    await ada.sendText('pair', 'The gate code is 4711.', 'm1');
    for (let n = 0; n < 60; n += 1) {
      const owner = n % 2 === 0 ? ada : bob;
      await owner.request({ type: 'thread.rename', threadId: 'pair', title: `Name ${n}` }, 'thread.saved');
    }
    await ada.sendText('pair', 'Which code?', 'm2');
    await ended(ada);
    expect(contexts[0]?.messages.map(({ id }) => id)).toEqual(['m1', 'm2']);
  });

  it('S8 whoever comes in the middle gets what there is and goes on without loss or doubling', async () => {
    const stream = scripted();
    await start({ respond: stream.respond });
    const ada = await server.connect('ada');
    await open(ada);
    await ada.sendText('pair', 'Hello?', 'm1');
    const first = new Reader(await answered(ada));
    stream.write(begin, say('one '));
    await first.until(ada, 'one ');
    ada.close();
    stream.write(say('two '));
    const back = await server.connect('ada');
    const { messages } = await open(back);
    const reader = new Reader(messages.at(-1)!);
    stream.write(say('three'));
    await reader.until(back, 'one two three');
    const { message } = await back.request({ type: 'answer.resume', ...about(messages.at(-1)!.id) }, 'answer.resumed');
    expect(textOf(message.parts)).toBe('one two three');
    stream.write(...end);
    expect(textOf((await ended(back)).parts)).toBe('one two three');
  });

  it('S8 stop is explicit: it ends the answer for everybody and tells the app, and a disconnect does not', async () => {
    const stream = scripted();
    await start({ respond: stream.respond });
    const [ada, bob] = await Promise.all([server.connect('ada'), server.connect('bob')]);
    await Promise.all([open(ada), open(bob)]);
    await ada.sendText('pair', 'Hello?', 'm1');
    const message = await answered(bob);
    stream.write(begin, say('half'));
    await new Reader(message).until(bob, 'half');
    ada.close();
    await bob.sendText('pair', 'I may write meanwhile', 'm2');
    expect(stream.contexts[0]?.signal.aborted).toBe(false);
    const { message: stopped } = await bob.request({ type: 'answer.stop', ...about(message.id) }, 'message.saved');
    expect(stopped).toMatchObject({ parts: [{ text: 'half' }], answer: { status: 'stopped', error: null } });
    expect(stream.contexts[0]?.signal.aborted).toBe(true);
    expect(await ended(bob)).toEqual(stopped);
    // What came meanwhile has its answer now.
    expect(await answered(bob)).toMatchObject({ answer: { to: 'm2', status: 'streaming' } });
    expect(stream.contexts[1]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  });

  it('messages that come while one grows are answered together, once', async () => {
    const stream = scripted();
    await start({ respond: stream.respond });
    const ada = await server.connect('ada');
    await open(ada);
    await ada.sendText('pair', 'one', 'm1');
    await answered(ada);
    for (const id of ['m2', 'm3', 'm3']) await ada.sendText('pair', id, id);
    stream.write(begin, ...end);
    expect(await answered(ada)).toMatchObject({ answer: { to: 'm3' } });
    stream.write(begin, ...end);
    await ended(ada);
    await ended(ada);
    await ada.request({ type: 'history.fetch', threadId: 'pair', beforeSeq: 99, limit: 9 }, 'history.page');
    expect(ada.frames.filter(({ type }) => type === 'message.created').length).toBeLessThanOrEqual(2);
    expect(stream.contexts).toHaveLength(2);
  });

  it.each<[name: string, code: string, play: (stream: ReturnType<typeof scripted>) => void]>([
    ['respond() throws in the middle', 'answer_failed', ({ fail }) => fail(new Error('model gone, key sk-123'))],
    ['an error chunk', 'answer_failed', ({ write }) => write({ type: 'error', errorText: 'Overloaded' })],
    ['it ends without finish', 'answer_cut_off', ({ close }) => close()],
    ['nonsense', 'answer_invalid', ({ write }) => write('<html>' as never)],
    ['a chunk out of order', 'answer_invalid', ({ write }) => write({ type: 'text-delta', id: 'nowhere', delta: 'x' })],
    ['a delta of 10 MB', 'answer_too_long', ({ write }) => write(say('x'.repeat(10_000_000)))],
  ])('Bad input: %s fails it with a typed error, and what there is stays', async (_, code, play) => {
    const stream = scripted();
    await start({ respond: stream.respond });
    const ada = await server.connect('ada');
    await open(ada);
    await ada.sendText('pair', 'Hello?', 'm1');
    const message = await answered(ada);
    stream.write(begin, say('so far'));
    await new Reader(message).until(ada, 'so far');
    play(stream);
    const failed = await ended(ada);
    expect(failed).toMatchObject({ parts: [{ text: 'so far' }], answer: { status: 'failed', error: { code } } });
    expect(JSON.stringify(failed)).not.toContain('sk-123');
    // It is given anew in its place.
    const { message: again } = await ada.request({ type: 'answer.retry', ...about(message.id) }, 'message.saved');
    expect(again).toMatchObject({
      id: message.id,
      seq: message.seq,
      parts: [],
      answer: { status: 'streaming', run: 2, at: 0 },
    });
    stream.write(begin, say('better'), ...end);
    expect(await ended(ada)).toMatchObject({ parts: [{ text: 'better' }], answer: { status: 'done', run: 2 } });
  });

  it('Bad input: one that never ends fails at the limit', async () => {
    await start({ respond: () => new ReadableStream(), limits: { answerMs: 50 } });
    const ada = await server.connect('ada');
    await open(ada);
    await ada.sendText('pair', 'Hello?', 'm1');
    expect((await ended(ada)).answer).toMatchObject({ status: 'failed', error: { code: 'answer_timeout' } });
  });

  it('a long text goes out in frames that fit, and joins', async () => {
    const stream = scripted();
    await start({ respond: stream.respond });
    const ada = await server.connect('ada');
    await open(ada);
    await ada.sendText('pair', 'Hello?', 'm1');
    const reader = new Reader(await answered(ada));
    const long = '👩‍👩‍👧"\u0001'.repeat(12_000);
    expect(Buffer.byteLength(long)).toBeLessThan(MAX_ANSWER_BYTES);
    stream.write(begin, say(long), ...end);
    await reader.until(ada, long);
    expect(textOf((await ended(ada)).parts)).toBe(long);
  });

  it('a tool waits for a person’s word, and then the answer goes on with the parts that it has', async () => {
    const stream = scripted();
    await start({ respond: stream.respond });
    const ada = await server.connect('ada');
    await open(ada);
    await ada.sendText('pair', 'Pay', 'm1');
    const message = await answered(ada);
    stream.write(
      { type: 'tool-input-available', toolCallId: 'c', toolName: 'pay', input: { euros: 5 } },
      { type: 'tool-approval-request', toolCallId: 'c', approvalId: 'a' },
      { type: 'finish' },
    );
    expect((await ended(ada)).parts).toMatchObject([{ type: 'tool-pay', state: 'approval-requested' }]);
    const decide = { type: 'tool.decide', ...about(message.id), approvalId: 'a', approved: true, reason: 'fine' };
    const { message: decided } = await ada.request(decide, 'message.saved');
    expect(decided).toMatchObject({
      parts: [{ state: 'approval-responded', approval: { id: 'a', approved: true, reason: 'fine' } }],
      answer: { status: 'streaming', run: 2 },
    });
    // Asked again after a time-out, it changes nothing.
    expect((await ada.request(decide, 'message.saved')).message).toMatchObject({ version: decided.version });
    await expect.poll(() => stream.contexts.length).toBe(2);
    expect(stream.contexts[1]?.messages.at(-1)).toMatchObject({ id: message.id, role: 'assistant' });
    stream.write({ type: 'tool-output-available', toolCallId: 'c', output: 'paid' }, begin, say('Done'), ...end);
    expect((await ended(ada)).parts).toMatchObject([{ state: 'output-available', output: 'paid' }, { text: 'Done' }]);
  });

  it('given anew, it keeps what it said before and what it was asked then; the newest five', async () => {
    let count = 0;
    const questions: string[] = [];
    await start({
      respond: ({ message }: RespondContext) => {
        questions.push(textOf(message.parts));
        count += 1;
        return streamOf([begin, say(`answer ${count}`), ...end]);
      },
    });
    const ada = await server.connect('ada');
    await open(ada);
    await ada.sendText('pair', 'What is one?', 'm1');
    const first = await ended(ada);
    expect(first.attempts).toBeUndefined();
    // Edited, and asked again.
    const parts = [{ type: 'text' as const, text: 'What is two?' }];
    await ada.request({ type: 'message.edit', ...about('m1'), parts }, 'message.saved');
    await ada.request({ type: 'answer.retry', ...about(first.id) }, 'message.saved');
    const second = await ended(ada);
    expect(second).toMatchObject({
      parts: [{ text: 'answer 2' }],
      answer: { run: 2 },
      attempts: [{ run: 1, question: 'What is one?', parts: [{ type: 'text', text: 'answer 1' }] }],
    });
    expect(second).not.toHaveProperty('asked');
    for (let run = 3; run <= 7; run += 1) {
      await ada.request({ type: 'answer.retry', ...about(first.id) }, 'message.saved');
      expect((await ended(ada)).answer?.run).toBe(run);
    }
    expect(questions).toEqual(['What is one?', ...Array<string>(6).fill('What is two?')]);
    const { messages } = await open(await server.connect('bob'));
    expect(messages.at(-1)?.attempts?.map(({ run, question }) => [run, question])).toEqual(
      [2, 3, 4, 5, 6].map((run) => [run, 'What is two?']),
    );
    const listed = await ada.request({ type: 'thread.list' }, 'thread.listed');
    expect(listed.threads[0]?.lastMessage).not.toHaveProperty('attempts');
    await ada.request({ type: 'message.delete', ...about('m1') }, 'message.saved');
  });

  it('what people think of it is each one’s own, stays, and reaches the app', async () => {
    const told: RatedAnswer[] = [];
    await start({
      respond: () => streamOf([begin, say('42'), ...end]),
      onRating: (rated) => {
        told.push(rated);
        throw new Error('the app’s own');
      },
    });
    const [ada, bob] = await Promise.all([server.connect('ada'), server.connect('bob')]);
    await open(ada);
    await ada.sendText('pair', 'Why?', 'm1');
    const { id } = await ended(ada);
    const rate = (socket: TestSocket, rating?: Rating) =>
      socket.request({ type: 'answer.rate', ...about(id), ...(rating && { rating }) }, 'answer.rated');
    const bad = { value: 'bad' as const, reason: 'It says nothing.' };
    expect((await rate(ada)).rating).toEqual({ value: null, reason: null });
    expect((await rate(ada, { value: 'good', reason: null })).rating.value).toBe('good');
    expect((await rate(ada, bad)).rating).toEqual(bad);
    expect((await rate(await server.connect('ada'))).rating).toEqual(bad);
    expect((await rate(bob)).rating.value).toBeNull();
    expect(told).toMatchObject([
      { threadId: 'pair', user: { id: 'ada' }, message: { id, parts: [{ text: '42' }] }, rating: { value: 'good' } },
      { rating: bad },
    ]);
    await rate(ada, { value: null, reason: null });
    expect((await rate(ada)).rating.value).toBeNull();
    const refused = await ada.request({ type: 'answer.rate', ...about('m1'), rating: bad }, 'request.refused');
    expect(refused.error.code).toBe('message_not_found');
  });

  it('is given to no message that respondTo leaves out', async () => {
    const stream = scripted();
    await start({ respond: stream.respond, respondTo: ({ message }) => textOf(message.parts).startsWith('@bot') });
    const ada = await server.connect('ada');
    await open(ada);
    await ada.sendText('pair', 'not for you', 'm1');
    await ada.sendText('pair', '@bot hi', 'm2');
    expect(await answered(ada)).toMatchObject({ answer: { to: 'm2' } });
  });

  it('a server that closes in the middle keeps what there is, as cut off', async () => {
    const database = join(folder, 'closing.db');
    const stream = scripted();
    await start({ respond: stream.respond, database });
    const ada = await server.connect('ada');
    await open(ada);
    await ada.sendText('pair', 'Hello?', 'm1');
    const message = await answered(ada);
    stream.write(begin, say('so far'));
    await new Reader(message).until(ada, 'so far');
    await server.stop();
    const storage = await openStorage(database);
    const stored = await storage.getMessage({ threadId: 'pair', messageId: message.id });
    expect(stored).toMatchObject({
      parts: [{ text: 'so far' }],
      answer: { status: 'failed', error: { code: 'answer_interrupted' } },
    });
    await storage.close();
    await start({ database });
  });

  it('one that a dead server left behind is told to have been cut off, with what was stored of it', async () => {
    const database = join(folder, 'dead.db');
    const storage = await openStorage(database, { now: () => Date.now() - 60_000 });
    await storage.upsertThread({ id: 'pair', title: 'Pair', access: 'members', members: [{ id: 'ada' }] });
    const answer = { status: 'streaming' as const, to: 'm1', run: 1, at: 2, error: null };
    await storage.appendMessage({
      id: 'a1',
      threadId: 'pair',
      authorId: 'assistant',
      parts: [{ type: 'text', text: 'half' }],
      answer,
    });
    await storage.close();
    await start({ database, respond: () => new ReadableStream() });
    await server.chat.ready();
    const ada = await server.connect('ada');
    await expect
      .poll(async () => (await open(ada)).messages[0]?.answer, { timeout: 10_000 })
      .toMatchObject({ status: 'failed', error: { code: 'answer_interrupted' } });
  });
});

it('S8 a stop on another node reaches the answer where it grows, and stays', async () => {
  const database = join(folder, 'two-nodes.db');
  const far = scripted();
  await start({ database, respond: far.respond });
  const other = await startTestServer({ database, respond: far.respond });
  const here = await server.connect('ada');
  await open(here);
  await here.request(
    { type: 'message.send', threadId: 'pair', messageId: 'm1', parts: [{ type: 'text', text: 'Hi' }] },
    'message.accepted',
  );
  await here.take('message.created');
  const { message } = await here.take('message.created');
  far.write(begin, say('so far'));
  await here.take('answer.streamed');
  const there = await other.connect('bob');
  const { message: stopped } = await there.request({ type: 'answer.stop', ...about(message.id) }, 'message.saved');
  expect(stopped.answer?.status).toBe('stopped');
  const { signal } = far.contexts[0]!;
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  const page = await here.request({ type: 'thread.subscribe', threadId: 'pair' }, 'thread.subscribed');
  expect(page.messages.find(({ id }) => id === message.id)?.answer?.status).toBe('stopped');
  await other.stop();
});
