import { describe, expect, it, vi } from 'vitest';
import { FakeClock } from '../../testing/FakeClock.ts';
import { ChatToken } from '../auth/ChatToken.ts';
import { FakeSignals } from '../test-fixtures.ts';
import { createUpload } from './createUpload.ts';
import type { UploadOptions } from './types.ts';
import type { UploadTransport } from './UploadTransport.ts';

const ATTACHMENT = { attachmentId: 'u1', filename: 'a.png', mediaType: 'image/png', size: 3, width: 1, height: 1 };
const token = new ChatToken('t1', { claims: null, issuedAt: 0, expiresAt: Number.MAX_SAFE_INTEGER });

function setUp(options: Partial<UploadOptions> = {}) {
  const signals = new FakeSignals();
  const transport = vi.fn<UploadTransport>(({ method, url }) => {
    const isNew = method === 'POST' && url.endsWith('/uploads');
    const headers: Record<string, string> = {
      location: '/chat/uploads/u1',
      'upload-offset': method === 'PATCH' ? '3' : '0',
    };
    return Promise.resolve({
      status: isNew ? 201 : 200,
      header: (name) => headers[name] ?? null,
      body: method === 'POST' && !isNew ? JSON.stringify(ATTACHMENT) : '',
    });
  });
  const start = () =>
    createUpload({
      url: 'https://chat.example/chat',
      threadId: 't',
      file: new File(['abc'], 'a.png'),
      tokens: { get: () => Promise.resolve(token), forceRefresh: () => Promise.resolve(token) },
      clock: new FakeClock(),
      signals,
      transport,
      ...options,
    });
  return { signals, transport, start };
}

describe('createUpload', () => {
  it('gives the upload at once and carries on when its code is there', async () => {
    const upload = setUp().start();
    expect(upload.get()).toMatchObject({ status: 'waiting', total: 3 });
    const statuses: string[] = [];
    upload.subscribe(() => statuses.push(upload.get().status));
    const early = upload.done;
    expect(await early).toEqual(ATTACHMENT);
    expect(await upload.done).toEqual(ATTACHMENT);
    expect(new Set(statuses)).toEqual(new Set(['waiting', 'uploading', 'processing', 'done']));
  });

  it('loads nothing while the device is offline', async () => {
    const { signals, transport, start } = setUp();
    signals.emit('offline');
    const upload = start();
    expect(upload.get().status).toBe('paused');
    signals.emit('wake');
    await new FakeClock().settle();
    expect(upload.get().status).toBe('paused');
    expect(transport).not.toHaveBeenCalled();
    signals.emit('online');
    expect(await upload.done).toEqual(ATTACHMENT);
    expect(signals.listeners.size).toBe(0);
  });

  it('canceled before its code is there, it asks for nothing', async () => {
    const { transport, start } = setUp();
    const upload = start();
    upload.cancel();
    upload.cancel();
    await expect(upload.done).rejects.toMatchObject({ name: 'AbortError' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(upload.get().status).toBe('canceled');
    expect(transport).not.toHaveBeenCalled();
  });

  it('an address that is none is told as a failure, and retry() tries again', async () => {
    const { start } = setUp({ url: '/chat' });
    const upload = start();
    await expect(upload.done).rejects.toMatchObject({ code: 'invalid_options' });
    expect(upload.get()).toMatchObject({ status: 'failed', error: { code: 'invalid_options' } });
    upload.retry();
    await expect(upload.done).rejects.toMatchObject({ code: 'invalid_options' });
  });
});
