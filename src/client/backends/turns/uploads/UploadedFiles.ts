import { ChatError, type FilePart, type MessagePart, type MessagePartInput } from '../../../../protocol/index.ts';

/** Files that this page has uploaded: a message names one by its id alone. Until they are sent, and after: a message is sent again with the same. */
export class UploadedFiles {
  readonly #files = new Map<string, FilePart>();

  add(file: FilePart): FilePart {
    this.#files.set(file.attachmentId, file);
    return file;
  }

  delete(attachmentId: string): void {
    this.#files.delete(attachmentId);
  }

  /**
   * What is sent, with all that a window shows of it.
   * @throws {ChatError} `attachment_not_found`
   */
  take(parts: readonly MessagePartInput[]): MessagePart[] {
    return parts.map((part) => {
      if (part.type !== 'file') return part;
      const file = this.#files.get(part.attachmentId);
      if (!file) throw new ChatError('attachment_not_found', 'The file was not uploaded in this page.');
      return file;
    });
  }
}

/** How a message holds a file of which the far side says no more than this. */
export function filePartOf(file: {
  id: string;
  filename: string;
  mediaType: string;
  /** Bytes; 0 where nobody says it. */
  size: number;
  url: string;
}): FilePart {
  const { id: attachmentId, ...rest } = file;
  return { type: 'file', attachmentId, ...rest, width: null, height: null, urlExpiresAt: Number.MAX_SAFE_INTEGER };
}
