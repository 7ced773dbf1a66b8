import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeEngines } from '../../../test/support/engines.ts';
import type { StoredFilePart, StoredPreview } from '../attachments/AttachmentPort.ts';
import type { ChatStorage } from './ChatStorage.ts';
import { openStorage } from './openStorage.ts';

const refusal = (code: string) => expect.objectContaining({ code }) as Error;
const text = (value: string) => [{ type: 'text' as const, text: value }];
const A = 'https://a.example/';
const B = 'https://b.example/';
const preview = (url: string, more: Partial<StoredPreview> = {}): StoredPreview => ({
  url,
  host: new URL(url).host,
  siteName: null,
  title: `Title of ${url}`,
  description: null,
  ...more,
});

describeEngines('previews', (make) => {
  let storage: ChatStorage;
  beforeEach(async () => {
    storage = await openStorage(await make());
    await storage.upsertUser({ id: 'ada', name: 'Ada', avatarUrl: null });
    await storage.upsertThread({ id: 't', title: 'T', access: 'open' });
    await storage.appendMessage({ id: 'm', threadId: 't', authorId: 'ada', parts: text(`${A} and ${B}`) });
  });
  afterEach(() => storage.close());

  const key = { threadId: 't', messageId: 'm' };
  const add = (...previews: StoredPreview[]) => storage.addPreviews({ ...key, previews });
  const read = () => storage.getMessage(key);
  const shown = async () => (await read())?.previews?.map(({ url }) => url) ?? [];

  it('are added in a place of the log, in the order of the links, and are there for whoever reads', async () => {
    expect(await add(preview(B))).toMatchObject({ version: 2, editedAt: null, previews: [preview(B)] });
    const stored = await add(preview(A));
    expect(stored).toMatchObject({ version: 3, previews: [preview(A), preview(B)] });
    expect(await read()).toEqual(stored);
    expect((await storage.newestMessages('t', 9)).messages).toEqual([stored]);
    expect((await storage.changesAfter('t', 1, 9)).messages).toEqual([stored]);
  });

  it('are added once, and of no link that the message does not have', async () => {
    await add(preview(A));
    expect(await add(preview(A, { title: 'another' }))).toBeNull();
    expect(await add(preview('https://c.example/'))).toBeNull();
    expect(await read()).toMatchObject({ version: 2, previews: [preview(A)] });
  });

  it('go with their links when the message is edited, and all of them when it is deleted', async () => {
    await add(preview(A), preview(B));
    const edited = await storage.editMessage({ ...key, parts: text(`only ${B}`) });
    expect(edited.previewsBefore).toEqual([preview(A), preview(B)]);
    expect(edited.message.previews).toEqual([preview(B)]);
    // It was on its way when the link was taken out.
    expect(await add(preview(A))).toBeNull();
    const deleted = await storage.deleteMessage(key);
    expect(deleted.previewsBefore).toEqual([preview(B)]);
    expect(deleted.message.previews).toBeUndefined();
    expect(await add(preview(B))).toBeNull();
    expect(await shown()).toEqual([]);
  });

  it('are removed for good, as long as the link stays', async () => {
    await add(preview(A), preview(B));
    const { message } = await storage.removePreview({ ...key, url: A });
    expect(message).toMatchObject({ version: 3, previews: [preview(B)] });
    expect((await storage.removePreview({ ...key, url: A })).message.version).toBe(3);
    expect(await add(preview(A))).toBeNull();
    await storage.editMessage({ ...key, parts: text(`see ${A} and ${B}`) });
    expect(await add(preview(A))).toBeNull();
    expect(await shown()).toEqual([B]);
    await storage.editMessage({ ...key, parts: text(`see ${B}`) });
    await storage.editMessage({ ...key, parts: text(`see ${A} again`) });
    await add(preview(A));
    expect(await shown()).toEqual([A]);
  });

  it('are none of a message that is not there', async () => {
    const nowhere = { threadId: 't', messageId: 'none' };
    await expect(storage.addPreviews({ ...nowhere, previews: [preview(A)] })).rejects.toEqual(
      refusal('message_not_found'),
    );
    await expect(storage.removePreview({ ...nowhere, url: A })).rejects.toEqual(refusal('message_not_found'));
  });

  it('a message sent again is the one with its previews', async () => {
    const stored = await add(preview(A));
    const again = await storage.appendMessage({
      id: 'm',
      threadId: 't',
      authorId: 'ada',
      parts: text(`${A} and ${B}`),
    });
    expect(again).toEqual(stored);
  });

  it('hold their pictures as a part holds its file', async () => {
    const id = '0f8e9d5c-1111-4222-8333-444455556666';
    await storage.attachments.begin({ id, threadId: 't', uploaderId: 'ada', filename: 'preview.png', size: 9 });
    await storage.attachments.accept(id, { filename: 'preview.png', mediaType: 'image/png', width: 32, height: 16 });
    await storage.attachments.claim([id], { ...key, userId: 'ada' });
    expect(await storage.attachments.getHeld(id)).toBeNull();
    const image: StoredFilePart = {
      type: 'file',
      attachmentId: id,
      mediaType: 'image/png',
      filename: 'preview.png',
      size: 9,
      width: 32,
      height: 16,
    };
    await add(preview(A, { image }));
    expect(await storage.attachments.getHeld(id)).toMatchObject({ id, messageId: 'm' });
    const late = { before: Number.MAX_SAFE_INTEGER, claimedBefore: Number.MAX_SAFE_INTEGER };
    expect(await storage.attachments.startRemoval(id, late)).toBe(false);
    await storage.removePreview({ ...key, url: A });
    expect(await storage.attachments.getHeld(id)).toBeNull();
    expect(await storage.attachments.startRemoval(id, late)).toBe(true);
  });
});
