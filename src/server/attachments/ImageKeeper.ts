import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { AttachmentRecords } from '../storage/AttachmentTable.ts';
import type { ImageToKeep, KeptFor, StoredFilePart } from './AttachmentPort.ts';
import type { FileStore } from './FileStore.ts';

const DAY_MS = 86_400_000;

interface Ports {
  files: FileStore;
  records(): Promise<AttachmentRecords>;
  /** What one person may upload within 24 hours: it counts for them. */
  perUserBytesPerDay: number;
  now: () => number;
}

/** Stores pictures that the server itself fetched, as files of the messages that show them. */
export class ImageKeeper {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** @throws {ChatError} `rate_limited` when the person has uploaded all that they may */
  async keep(image: ImageToKeep, { messageId, threadId, userId }: KeptFor): Promise<StoredFilePart | null> {
    const { files, now, perUserBytesPerDay } = this.#ports;
    const { bytes, mediaType, extension, width, height } = image;
    const id = randomUUID();
    const filename = `preview.${extension}`;
    const size = bytes.length;
    const records = await this.#ports.records();
    const quota = { bytes: perUserBytesPerDay, since: now() - DAY_MS };
    await records.begin({ id, threadId, uploaderId: userId, filename, size }, quota);
    await this.#write(id, bytes);
    await files.settle(id);
    await records.accept(id, { filename, mediaType, width, height });
    // What is not claimed in the end is swept.
    const claimed = await records.claim([id], { messageId, threadId, userId });
    if (claimed.length === 0) return null;
    return { type: 'file', attachmentId: id, mediaType, filename, size, width, height };
  }

  async #write(id: string, bytes: Buffer): Promise<void> {
    const { files } = this.#ports;
    const store = await files.open();
    const { Upload } = await import('@tus/server');
    const key = files.keyOf(id);
    await store.create(new Upload({ id: key, size: bytes.length, offset: 0, metadata: {} }));
    await store.write(Readable.from([bytes]), key, 0);
  }
}
