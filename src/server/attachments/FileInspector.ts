import { ChatError, type ChatUser } from '../../protocol/index.ts';
import type { Clock } from '../clock.ts';
import type { AttachmentRecord, StoredFacts } from '../storage/AttachmentTable.ts';
import type { Logger } from '../types.ts';
import { detectType } from './detectType.ts';
import type { FileStore, OpenFile } from './FileStore.ts';
import { measureImage } from './measureImage.ts';
import { isAllowed, isMeasured, withExtension } from './media-types.ts';
import type { CheckedAttachmentOptions, ScanVerdict } from './options.ts';

const SCAN_TIMEOUT_MS = 120_000;

interface Ports {
  files: FileStore;
  options: Pick<CheckedAttachmentOptions, 'types' | 'scan'>;
  clock: Clock;
  logger: Logger;
}

/** Decides over a complete file, by its bytes and never by what its sender said of it. */
export class FileInspector {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** @throws {ChatError} `internal`, retryable, when it could not be decided */
  async inspect(record: AttachmentRecord, user: ChatUser): Promise<StoredFacts | { refused: string }> {
    const { files, options } = this.#ports;
    const open: OpenFile = (range) => files.read(record.id, range);
    const type = await detectType(open, record.filename);
    if (!type || !isAllowed(type.mediaType, options.types)) {
      return { refused: 'Files of this kind are not taken here.' };
    }
    const { mediaType } = type;
    const filename = withExtension(record.filename, type.extension);
    const measures = isMeasured(mediaType) ? await measureImage(open) : { width: null, height: null };
    if ('refused' in measures) return measures;
    const verdict = await this.#scan({ ...record, filename }, mediaType, user);
    return verdict === 'clean' ? { filename, mediaType, ...measures } : { refused: verdict.refused };
  }

  async #scan({ id, size, filename, threadId }: AttachmentRecord, mediaType: string, user: ChatUser) {
    const { files, options, logger } = this.#ports;
    if (!options.scan) return 'clean';
    try {
      const verdict: unknown = await this.#inTime(
        options.scan({
          stream: () => files.read(id),
          path: files.pathOf?.(id) ?? null,
          mediaType,
          size,
          filename,
          user,
          threadId,
        }),
      );
      if (verdict === 'clean') return verdict;
      if (isRefusal(verdict)) return verdict;
      throw new TypeError('attachments.scan returned neither "clean" nor { refused: "…" }.');
    } catch (cause) {
      logger.error('attachments.scan threw, so the file was not accepted.', { cause, attachmentId: id });
      throw new ChatError('internal', 'The file could not be checked just now.', { cause });
    }
  }

  async #inTime(scanning: Promise<ScanVerdict> | ScanVerdict): Promise<ScanVerdict> {
    let cancel: (() => void) | undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = this.#ports.clock.setTimer(() => reject(new Error('It took too long.')), SCAN_TIMEOUT_MS);
    });
    try {
      return await Promise.race([scanning, late]);
    } finally {
      cancel?.();
    }
  }
}

function isRefusal(verdict: unknown): verdict is { refused: string } {
  return typeof verdict === 'object' && verdict !== null && 'refused' in verdict && typeof verdict.refused === 'string';
}
