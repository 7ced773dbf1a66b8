import { afterEach, describe, expect, test, vi } from 'vitest';
import { aiSdkBackend, type AiSdkBackendOptions } from '../../../src/client/backends/ai-sdk/index.ts';
import { createChatClient, type ChatClient } from '../../../src/client/index.ts';
import { ChatError, textOf } from '../../../src/protocol/index.ts';
import { backendConformance } from '../../../src/testing/index.ts';
import { startAiSdkServer, type AiSdkServer, type AiVersion } from '../../support/ai-sdk-server.ts';

const HISTORY = 65;
let tokenCount = 0;
const fetchToken = () => Promise.resolve({ token: `good${tokenCount++}`, expires_in: 600 });

const history = Array.from({ length: HISTORY }, (_, index) => ({
  id: `m${index}`,
  role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
  parts: [{ type: 'text' as const, text: `Message ${index}` }],
}));

async function stage(version: AiVersion) {
  const server = await startAiSdkServer(version);
  const loadMessages: AiSdkBackendOptions['loadMessages'] = ({ threadId }) => {
    if (threadId === 'theirs') return Promise.reject(Object.assign(new Error('Not yours.'), { status: 403 }));
    return Promise.resolve(threadId === 'long' ? history : []);
  };
  return {
    backend: aiSdkBackend({ api: server.api, loadMessages }),
    userId: 'ada',
    fetchToken,
    threadId: 'room',
    history: { threadId: 'long', count: HISTORY },
    forbiddenThreadId: 'theirs',
    refusedToken: 'bad',
    countStored: (id: string) =>
      server.posted.filter(({ trigger, messages }) => trigger === 'submit-message' && messages.at(-1)?.id === id)
        .length,
    end: () => server.end(),
  };
}

describe.each([6, 7] as const)('aiSdkBackend before a server made with ai %i', (version) => {
  for (const { name, skipped, run } of backendConformance({ stage: () => stage(version), patienceMs: 20_000 })) {
    test.skipIf(skipped)(name, run);
  }
});

describe.each([6, 7] as const)('a client before a server made with ai %i', (version) => {
  let server: AiSdkServer;
  let client: ChatClient;
  const errors: ChatError[] = [];
  afterEach(async () => {
    client.dispose();
    await server.end();
    errors.length = 0;
  });

  async function open(options: AiSdkBackendOptions = {}, serverOptions: { keepsStreams?: boolean } = {}) {
    server = await startAiSdkServer(version, serverOptions);
    return again(options);
  }

  /** A page that is loaded (again). */
  async function again(options: AiSdkBackendOptions = {}) {
    client = createChatClient({
      userId: 'ada',
      fetchToken,
      backend: aiSdkBackend({ api: server.api, ...options }),
      onError: (error) => errors.push(error),
    });
    client.retain();
    const thread = client.thread('room');
    thread.subscribe(() => {});
    await vi.waitFor(() => expect(thread.get().status).toBe('ready'));
    return thread;
  }

  const last = () => client.thread('room').get().messages.at(-1)!.message;
  const ended = (status = 'done') =>
    vi.waitFor(() => expect([last().answer?.status, last().answer?.error?.code]).toEqual([status, undefined]), 5_000);

  test('streams text, reasoning and sources, and sends the conversation as the SDK does', async () => {
    const thread = await open({ body: { tone: 'dry' } });
    const id = thread.send('think');
    await ended();
    expect(last().parts).toMatchObject([
      { type: 'step-start' },
      { type: 'reasoning', text: 'Let me see.', state: 'done' },
      { type: 'source-url', url: 'https://example.com/a', title: 'Almanac' },
      { type: 'text', text: 'It is **warm**.', state: 'done' },
    ]);
    thread.send('short');
    await vi.waitFor(() => expect(server.posted).toHaveLength(2));
    await ended();
    expect(server.posted[0]).toEqual({
      tone: 'dry',
      id: 'room',
      trigger: 'submit-message',
      messages: [{ id, role: 'user', parts: [{ type: 'text', text: 'think' }] }],
    });
    const { messages } = server.posted[1]!;
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    // Named as the server named it.
    expect(messages[1]!.id).not.toBe(thread.get().messages[1]!.message.id);
    expect(messages[1]!.parts.map(({ type }) => type)).toEqual(['step-start', 'reasoning', 'source-url', 'text']);
    expect(errors).toEqual([]);
  });

  test('an approval goes back with its reason, and the answer goes on where it was', async () => {
    const thread = await open();
    thread.send('pay');
    await ended();
    const asked = last().parts.find((part) => 'approval' in part)!;
    expect(asked).toMatchObject({ type: 'tool-pay', state: 'approval-requested', input: { euros: 5 } });
    const approvalId = (asked as { approval: { id: string } }).approval.id;
    const { id } = last();
    await thread.decideTool(id, { approvalId, approved: true, reason: 'my treat' });
    await vi.waitFor(() => expect(textOf(last().parts)).toContain('paid'));
    await ended();
    expect(last().id).toBe(id);
    expect(last().parts).toContainEqual(
      expect.objectContaining({ type: 'tool-pay', state: 'output-available', output: 'paid' }),
    );
    const sent = server.posted[1]!;
    expect(sent).toMatchObject({ trigger: 'submit-message', messageId: sent.messages.at(-1)!.id });
    expect(sent.messages.at(-1)!.parts.find(({ type }) => type === 'tool-pay')).toMatchObject({
      state: 'approval-responded',
      approval: { id: approvalId, approved: true, reason: 'my treat' },
    });
  });

  test('what is denied does not run', async () => {
    const thread = await open();
    thread.send('pay');
    await ended();
    const asked = last().parts.find((part) => 'approval' in part) as { approval: { id: string } };
    await thread.decideTool(last().id, { approvalId: asked.approval.id, approved: false });
    await vi.waitFor(() =>
      expect(last().parts.some((part) => 'state' in part && part.state === 'output-denied')).toBe(true),
    );
    await ended();
  });

  test('a tool of the page runs, and what it gave goes back without anybody’s hand', async () => {
    const locate = vi.fn(() => ({ city: 'Basel' }));
    const thread = await open({ tools: { locate } });
    thread.send('where');
    await vi.waitFor(() => expect(textOf(last().parts)).toContain('Basel'));
    await ended();
    expect(locate).toHaveBeenCalledExactlyOnceWith(
      { exact: true },
      expect.objectContaining({ toolCallId: 'call-locate' }),
    );
    expect(thread.get().messages).toHaveLength(2);
  });

  test('regenerates in the middle: later messages are gone here as they are there', async () => {
    const thread = await open();
    thread.send('short');
    await ended();
    const first = last().id;
    thread.send('think');
    await vi.waitFor(() => expect(thread.get().messages).toHaveLength(4));
    await ended();
    await thread.retryAnswer(first);
    await vi.waitFor(() => expect(thread.get().messages).toHaveLength(2));
    await ended();
    expect(textOf(last().parts)).toBe('You said short');
    expect(server.posted[2]).toMatchObject({ trigger: 'regenerate-message', messages: [{ role: 'user' }] });
    expect(server.posted[2]!.messageId).toBe(server.posted[1]!.messages[1]!.id);
  });

  test('a stop stops the server', async () => {
    const thread = await open();
    thread.send('long');
    await vi.waitFor(() => expect(last().answer?.status).toBe('streaming'));
    await thread.stopAnswer(last().id);
    expect(last().answer?.status).toBe('stopped');
    await vi.waitFor(() => expect(server.stopped).toBe(true));
  });

  test('a connection that breaks in the middle finds the answer again', async () => {
    const thread = await open({ resume: true }, { keepsStreams: true });
    thread.send('long');
    await vi.waitFor(() =>
      expect(client.thread('room').answerParts(last().id).get()).toMatchObject([{}, { text: 'You said long' }]),
    );
    server.cut();
    await vi.waitFor(() => expect(last().answer?.run).toBe(2));
    server.release(' and more');
    await ended();
    expect(textOf(last().parts)).toBe('You said long and more');
    expect(thread.get().messages).toHaveLength(2);
  });

  test('a page that is loaded again finds a growing answer, and a stop on it reaches the server', async () => {
    const thread = await open({ resume: true }, { keepsStreams: true });
    thread.send('long');
    await vi.waitFor(() => expect(last().answer?.status).toBe('streaming'));
    client.dispose();
    const kept = [{ id: 'q', role: 'user' as const, parts: [{ type: 'text' as const, text: 'long' }] }];
    const onStop = vi.fn();
    const next = await again({ resume: true, loadMessages: () => Promise.resolve(kept), onStop });
    await vi.waitFor(() => expect(textOf([...next.answerParts(last().id).get()])).toBe('You said long'));
    await next.stopAnswer(last().id);
    expect(onStop).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ threadId: 'room' }));
    expect(textOf(last().parts)).toBe('You said long');
  });

  test('a conversation is kept by the app, and given back', async () => {
    let kept: readonly { id: string; role: 'user' | 'assistant' | 'system'; parts: readonly { type: string }[] }[] = [
      { id: 's', role: 'system', parts: [{ type: 'text', text: 'Be brief.' } as { type: string }] },
    ];
    const options: AiSdkBackendOptions = {
      loadMessages: () => Promise.resolve(kept),
      saveMessages: ({ messages }) => (kept = messages),
    };
    const thread = await open(options);
    thread.send('short');
    await ended();
    client.dispose();
    const next = await again(options);
    expect(next.get().messages.map(({ message, mine }) => [mine, textOf(message.parts)])).toEqual([
      [true, 'short'],
      [false, 'You said short'],
    ]);
    expect(kept.map(({ role }) => role)).toEqual(['system', 'user', 'assistant']);
  });

  test.each([
    ['html', 'answer_invalid', ''],
    ['broken', 'answer_failed', ''],
    ['halfJson', 'answer_invalid', 'so far'],
    ['disorder', 'answer_invalid', 'so far'],
    ['endless', 'answer_too_long', 'so far'],
    ['endsEarly', 'answer_cut_off', 'so far'],
    ['error', 'answer_failed', 'so far'],
  ])('%s: the message is kept, and its answer says %s', async (text, code, said) => {
    const thread = await open();
    thread.send(text);
    await vi.waitFor(() => expect(last().answer?.error?.code).toBe(code), 10_000);
    expect(textOf(last().parts)).toBe(said);
    expect(thread.get().messages.map(({ delivery }) => delivery)).toEqual(['sent', 'sent']);
    thread.send('short');
    await ended();
  });

  test('chunks of a later version are passed over', async () => {
    const thread = await open();
    thread.send('future');
    await ended();
    expect(textOf(last().parts)).toBe('understood');
    thread.send('short');
    await vi.waitFor(() => expect(server.posted.at(-1)?.messages[1]?.id).toBe('theirs'));
    await ended();
  });

  test('a refused message stays with its sender; a busy server is asked again later', async () => {
    const thread = await open();
    thread.send('gone');
    await vi.waitFor(() => expect(thread.get().messages[0]?.delivery).toBe('failed'));
    expect(thread.get().messages[0]?.error?.code).toBe('not_found');
    thread.discard(last().id);
    thread.send('busy');
    await vi.waitFor(() => expect(server.posted).toHaveLength(2));
    expect(thread.get().messages[0]?.delivery).toBe('sending');
  });

  test('an answer that says nothing for long has failed', async () => {
    const thread = await open({ silenceMs: 200 });
    thread.send('long');
    await vi.waitFor(() => expect(last().answer?.error?.code).toBe('answer_timeout'), 5_000);
    expect(textOf(last().parts)).toBe('You said long');
    await vi.waitFor(() => expect(server.stopped).toBe(true));
    expect(thread.get().messages).toHaveLength(2);
  });

  describe('files', () => {
    const uploads = { maxBytes: 1_000, types: ['text/plain', 'image/*'] };
    const note = new File(['a note'], 'note.txt', { type: 'text/plain' });
    const url = `data:text/plain;base64,${btoa('a note')}`;

    test('go into the message as the SDK sends them, reach the model, and are kept with the conversation', async () => {
      const saveMessages = vi.fn<NonNullable<AiSdkBackendOptions['saveMessages']>>();
      const thread = await open({ uploads, saveMessages });
      expect(client.uploads.get()).toEqual(uploads);
      const upload = thread.upload(note);
      const { attachmentId, ...shown } = await upload.done;
      expect(shown).toMatchObject({ filename: 'note.txt', mediaType: 'text/plain', size: 6 });
      expect(upload.get()).toMatchObject({ status: 'done', loaded: 6, total: 6 });
      const id = thread.send([
        { type: 'file', attachmentId },
        { type: 'text', text: 'what is it' },
      ]);
      await vi.waitFor(() => expect(thread.get().messages).toHaveLength(2));
      await ended();
      const parts = [
        { type: 'file', mediaType: 'text/plain', filename: 'note.txt', url },
        { type: 'text', text: 'what is it' },
      ];
      expect(server.posted[0]!.messages).toEqual([{ id, role: 'user', parts }]);
      expect(textOf(last().parts)).toBe('You said note.txt, text/plain');
      expect(thread.get().messages[0]!.message.parts[0]).toMatchObject({ attachmentId, url, size: 6 });
      const { messages } = saveMessages.mock.lastCall![0];
      expect(messages[0]).toEqual({ id, role: 'user', parts });
      client.dispose();
      const again_ = await again({ loadMessages: () => Promise.resolve(messages) });
      expect(again_.get().messages[0]!.message.parts).toMatchObject([{ type: 'file', url }, { type: 'text' }]);
    });

    test('go where the app puts them, with the token and with progress', async () => {
      const uploadFile = vi.fn<NonNullable<AiSdkBackendOptions['uploadFile']>>(
        async ({ file, filename, threadId, fetch, signal, onProgress }) => {
          const answered = await fetch(`${server.api}?file`, { method: 'PUT', body: file, signal });
          onProgress(3);
          expect([answered.status, filename, threadId]).toEqual([200, 'note.txt', 'room']);
          return { url: 'https://files.example/1', mediaType: 'text/markdown' };
        },
      );
      const thread = await open({ uploads, uploadFile });
      const upload = thread.upload(note);
      const loaded: number[] = [];
      upload.subscribe(() => loaded.push(upload.get().loaded));
      const { attachmentId } = await upload.done;
      expect([...new Set(loaded)]).toEqual([0, 3, 6]);
      thread.send([{ type: 'file', attachmentId }]);
      await vi.waitFor(() => expect(server.posted).toHaveLength(1));
      expect(server.posted[0]!.messages[0]!.parts).toEqual([
        { type: 'file', mediaType: 'text/markdown', filename: 'note.txt', url: 'https://files.example/1' },
      ]);
    });

    test.each([
      [new ChatError('attachment_refused', 'No.'), 'attachment_refused', 1],
      [Object.assign(new Error('Large.'), { status: 413 }), 'attachment_too_large', 1],
      [Object.assign(new Error('No.'), { status: 400 }), 'attachment_refused', 1],
      [null, 'attachment_refused', 1],
    ])('where the app fails with %o, it is %s', async (thrown, code, attempts) => {
      const uploadFile = vi.fn(() => (thrown ? Promise.reject(thrown) : Promise.resolve({} as { url: string })));
      const thread = await open({ uploads, uploadFile });
      await expect(thread.upload(note).done).rejects.toMatchObject({ code });
      expect(uploadFile).toHaveBeenCalledTimes(attempts);
    });

    test('a lost network is tried again; what is too large or of another kind goes nowhere', async () => {
      const uploadFile = vi
        .fn<NonNullable<AiSdkBackendOptions['uploadFile']>>()
        .mockRejectedValueOnce(new TypeError('Failed to fetch'))
        .mockResolvedValue({ url: 'https://files.example/1' });
      const thread = await open({ uploads, uploadFile });
      await thread.upload(note).done;
      expect(uploadFile).toHaveBeenCalledTimes(2);
      const film = thread.upload(new File(['x'], 'a.mp4', { type: 'video/mp4' }));
      await expect(film.done).rejects.toMatchObject({ code: 'attachment_refused' });
      const large = thread.upload(new File(['x'.repeat(1_001)], 'a.txt', { type: 'text/plain' }));
      await expect(large.done).rejects.toMatchObject({ code: 'attachment_too_large' });
      expect(uploadFile).toHaveBeenCalledTimes(2);
    });

    test('none are taken unless it is said which', async () => {
      const thread = await open();
      expect(client.uploads.get()).toBeNull();
      expect(() => thread.upload(note)).toThrow(expect.objectContaining({ code: 'action_forbidden' }) as Error);
      expect(() => aiSdkBackend({ uploads: { maxBytes: 0, types: [] } })).toThrow(/maxBytes/);
    });
  });
});
