import { describe, expect, it } from 'vitest';
import { createFakeBackend, createFakeFetchToken, FakeClock } from '../../testing/index.ts';
import type { ChatBackend } from '../backends/ChatBackend.ts';
import { createChatClient } from '../createChatClient.ts';
import { createUpload } from './createUpload.ts';
import type { UploadTransport } from './UploadTransport.ts';

/** Never answers. */
const silent: UploadTransport = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

function setUp(upload?: ChatBackend['upload']) {
  const clock = new FakeClock();
  const fake = createFakeBackend({ clock, users: [{ id: 'ada', name: 'Ada' }], threads: [{ id: 't' }] });
  const backend: ChatBackend = { open: (context) => fake.open(context), ...(upload && { upload }) };
  return createChatClient({ userId: 'ada', clock, backend, fetchToken: createFakeFetchToken({ userId: 'ada' }) });
}

describe('thread.upload()', () => {
  it('hands the file to the backend, also before there is a connection', () => {
    const asked: unknown[] = [];
    const client = setUp((file, { tokens, clock }) => {
      asked.push({ threadId: file.threadId, filename: file.filename, size: file.file.size });
      return createUpload({ ...file, url: 'https://chat.example/chat', tokens, clock, transport: silent });
    });
    const upload = client.thread('t').upload(new Blob(['abc']), { filename: 'a.txt' });
    expect(asked).toEqual([{ threadId: 't', filename: 'a.txt', size: 3 }]);
    expect(upload.get()).toMatchObject({ status: 'waiting', total: 3 });
    client.dispose();
  });

  it('C8 a sign-out cancels what is under way, in the same tick, and takes no more', async () => {
    const client = setUp((file, { tokens, clock }) =>
      createUpload({ ...file, url: 'https://chat.example/chat', tokens, clock, transport: silent }),
    );
    const upload = client.thread('t').upload(new Blob(['abc']));
    client.signOut();
    expect(upload.get().status).toBe('canceled');
    await expect(upload.done).rejects.toMatchObject({ name: 'AbortError' });
    expect(() => client.thread('t').upload(new Blob(['abc']))).toThrow(expect.objectContaining({ code: 'disposed' }));
  });

  it('says so where the backend takes no files', () => {
    const client = setUp();
    expect(() => client.thread('t').upload(new Blob(['abc']))).toThrow(
      expect.objectContaining({ code: 'action_forbidden' }),
    );
  });
});
