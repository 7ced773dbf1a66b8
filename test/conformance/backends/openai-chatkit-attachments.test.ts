import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openAiChatKitBackend } from '../../../src/client/backends/openai-chatkit/index.ts';
import { createChatClient, systemClock, type ChatClient, type Clock } from '../../../src/client/index.ts';
import { says, startChatKitServer } from '../../support/chatkit-server.ts';

const LIMITS = { maxBytes: 1_000, types: ['image/*', 'text/plain'] };
/** Waits are over at once, but not those that guard a request. */
const hasty: Clock = { ...systemClock, setTimer: (run, ms) => systemClock.setTimer(run, ms < 20_000 ? 0 : ms) };
const note = (text = 'a note') => new File([text], 'note.txt', { type: 'text/plain' });

describe('files before a ChatKit server', () => {
  let server: Awaited<ReturnType<typeof startChatKitServer>>;
  let client: ChatClient;
  /** Tokens that were fetched. */
  let count = 0;

  beforeEach(async () => {
    count = 0;
    server = await startChatKitServer((text, thread) => says(thread, `You said ${text}`));
    client = open();
  });
  afterEach(async () => {
    client.dispose();
    await server.end();
  });

  function open(directUrl?: string, token = 'good'): ChatClient {
    const backend = openAiChatKitBackend({
      url: server.url,
      uploads: { ...LIMITS, ...(directUrl !== undefined && { directUrl }) },
      fileUrl: ({ id, mediaType }) => (mediaType === 'text/plain' ? `https://files.example/${id}` : undefined),
    });
    const made = createChatClient({
      userId: 'ada',
      fetchToken: () => Promise.resolve({ token: count++ === 0 ? token : 'good', expires_in: 600 }),
      backend,
      clock: hasty,
    });
    made.retain();
    return made;
  }
  async function ready(threadId = 'room') {
    const thread = client.thread(threadId);
    thread.subscribe(() => {});
    await vi.waitFor(() => expect(thread.get().status).toBe('ready'));
    return thread;
  }
  const types = () => server.posted.map(({ type }) => type);

  test('go to the place that the server names, and into the message by their id; the history has them', async () => {
    const thread = await ready();
    expect(client.uploads.get()).toEqual(LIMITS);
    const [text, picture] = [
      thread.upload(note()),
      thread.upload(new File(['pixels'], 'cat.png', { type: 'image/png' })),
    ];
    const states: string[] = [];
    text.subscribe(() => states.push(text.get().status));
    const files = await Promise.all([text.done, picture.done]);
    expect(files[0]).toMatchObject({ filename: 'note.txt', mediaType: 'text/plain', size: 6 });
    expect([...new Set(states)]).toEqual(['uploading', 'done']);
    const stored = server.put.get(files[0].attachmentId)!;
    expect(stored).toMatchObject({ method: 'PUT', body: 'a note', headers: { 'x-place': 'signed' } });
    // The place is another one’s, perhaps: the token is the server’s alone.
    expect(stored.headers['authorization']).toBeUndefined();

    thread.send([
      { type: 'text', text: 'look' },
      ...files.map(({ attachmentId }) => ({ type: 'file' as const, attachmentId })),
    ]);
    const expected = [
      { type: 'text', text: 'look' },
      { type: 'file', filename: 'note.txt', size: 6, url: `https://files.example/${files[0].attachmentId}` },
      { type: 'file', filename: 'cat.png', mediaType: 'image/png', url: expect.stringContaining('/files/') as string },
    ];
    await vi.waitFor(() => expect(thread.get().messages[1]?.message.answer?.status).toBe('done'));
    expect(thread.get().messages[0]?.message.parts).toMatchObject(expected);
    expect(server.posted.find(({ type }) => type === 'threads.create')?.params['input']).toMatchObject({
      attachments: files.map(({ attachmentId }) => attachmentId),
    });

    const [remote] = server.store.threads.keys();
    client.dispose();
    client = open();
    const again = await ready(remote);
    const [, { size: _, ...file }, image] = expected as [object, { size?: number }, object];
    expect(again.get().messages[0]?.message.parts).toMatchObject([expected[0], file, image]);
  });

  test('a message may be a file alone', async () => {
    const thread = await ready();
    const { attachmentId } = await thread.upload(note()).done;
    thread.send([{ type: 'file', attachmentId }]);
    await vi.waitFor(() => expect(thread.get().messages).toHaveLength(2));
    expect(server.posted.at(-1)?.params['input']).toMatchObject({ content: [], attachments: [attachmentId] });
  });

  test('what is too large or of another kind is refused before anything is asked', async () => {
    const thread = await ready();
    const large = thread.upload(note('x'.repeat(1_001)));
    await expect(large.done).rejects.toMatchObject({ code: 'attachment_too_large' });
    const film = thread.upload(new File(['x'], 'a.mp4', { type: 'video/mp4' }));
    await expect(film.done).rejects.toMatchObject({ code: 'attachment_refused' });
    expect(film.get()).toMatchObject({ status: 'failed', error: { code: 'attachment_refused' } });
    expect(types()).not.toContain('attachments.create');
  });

  test('a place that fails for a moment is asked for anew; what it left is taken back', async () => {
    const thread = await ready();
    server.answers.push(503, 500);
    const { attachmentId } = await thread.upload(note()).done;
    await vi.waitFor(() => expect([...server.store.attachments.keys()]).toEqual([attachmentId]));
    expect(types().filter((type) => type === 'attachments.create')).toHaveLength(3);
  });

  test('a refusal of the place is told, and can be tried again by hand', async () => {
    const thread = await ready();
    server.answers.push(403, 413);
    const upload = thread.upload(note());
    await expect(upload.done).rejects.toMatchObject({ code: 'attachment_refused', status: 403 });
    upload.retry();
    await expect(upload.done).rejects.toMatchObject({ code: 'attachment_too_large' });
    upload.retry();
    await upload.done;
    expect(upload.get()).toMatchObject({ status: 'done', error: null, loaded: 6 });
  });

  test('a canceled one ends, and is taken back', async () => {
    const thread = await ready();
    server.answers.push(null);
    const upload = thread.upload(note());
    await vi.waitFor(() => expect(upload.get().status).toBe('uploading'));
    upload.cancel();
    expect(upload.get().status).toBe('canceled');
    await expect(upload.done).rejects.toMatchObject({ name: 'AbortError' });
    await vi.waitFor(() => expect(server.store.attachments.size).toBe(0));
  });

  test('a file that was not uploaded here is not sent', async () => {
    const thread = await ready();
    thread.send([{ type: 'file', attachmentId: 'atc_nowhere' }]);
    await vi.waitFor(() =>
      expect(thread.get().messages[0]).toMatchObject({
        delivery: 'failed',
        error: { code: 'attachment_not_found' },
      }),
    );
    expect(types()).not.toContain('threads.create');
  });

  test('in one request, where the server has an address for it: with the token, and a new one for one that is refused', async () => {
    client.dispose();
    count = 0;
    client = open(server.uploadUrl, 'bad');
    const thread = client.thread('room');
    const upload = thread.upload(note());
    const { attachmentId } = await upload.done;
    expect(upload.get()).toMatchObject({ status: 'done', loaded: 6, attachment: { filename: 'note.txt', size: 6 } });
    expect(server.put.get(attachmentId)).toMatchObject({
      method: 'POST',
      body: 'a note',
      headers: { authorization: 'Bearer good' },
    });
    expect(types()).not.toContain('attachments.create');
    await ready();
    thread.send([{ type: 'file', attachmentId }]);
    await vi.waitFor(() => expect(thread.get().messages).toHaveLength(2));
    expect(server.posted.at(-1)?.params['input']).toMatchObject({ attachments: [attachmentId] });
  });

  test.each([
    [[503, 500], null],
    [[413], 'attachment_too_large'],
    [[422], 'attachment_refused'],
    [[201], 'attachment_refused'],
  ])('in one request: after %j it is %s', async (answers, code) => {
    client.dispose();
    client = open(server.uploadUrl);
    server.answers.push(...answers);
    const upload = client.thread('room').upload(note());
    const outcome = await upload.done.catch((error: { code: string }) => error.code);
    if (code === null) expect(upload.get().status).toBe('done');
    else expect(outcome).toBe(code);
    expect(server.store.attachments.size).toBe(code === null ? 1 : 0);
  });
});
