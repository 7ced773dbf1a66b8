import { ChatError, type FilePart, type MessagePart, type MessagePartInput } from '../../../../protocol/index.ts';
import type { Call, Endpoint } from '../Endpoint.ts';
import type { Attachment, OpenAiChatKitBackendOptions } from '../types.ts';

/** The files that this page has put on the server, and how a window shows those that are there. */
export class Attachments {
  readonly #endpoint: Endpoint;
  readonly #options: OpenAiChatKitBackendOptions;
  /** Until they are sent, and after: a message is sent again with the same files. */
  readonly #uploaded = new Map<string, FilePart>();

  constructor(endpoint: Endpoint, options: OpenAiChatKitBackendOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
  }

  /** The first phase: the server gives the file an id, and a place to put it. */
  create(call: Call, file: { name: string; size: number; mime_type: string }): Promise<Attachment> {
    return this.#endpoint.ask(call, 'attachments.create', file);
  }

  async remove(call: Call, id: string): Promise<void> {
    this.#uploaded.delete(id);
    await this.#endpoint.ask(call, 'attachments.delete', { attachment_id: id });
  }

  /** The second phase is over. */
  uploaded(attachment: Attachment, size: number): FilePart {
    const part = this.partOf(attachment, size);
    this.#uploaded.set(attachment.id, part);
    return part;
  }

  /** @param size bytes; 0 where nobody says it, as in a history */
  partOf(attachment: Attachment, size = 0): FilePart {
    const { id, name, mime_type: mediaType, preview_url: preview } = attachment;
    const { fileUrl } = this.#options;
    const url = fileUrl?.({ id, name, mediaType, size }) ?? preview ?? '';
    const unknown = { width: null, height: null, urlExpiresAt: Number.MAX_SAFE_INTEGER };
    return { type: 'file', attachmentId: id, filename: name, mediaType, size, url, ...unknown };
  }

  /**
   * What is sent, with all that a window shows of it.
   * @throws {ChatError} `attachment_not_found`
   */
  take(parts: readonly MessagePartInput[]): MessagePart[] {
    return parts.map((part) => {
      if (part.type !== 'file') return part;
      const file = this.#uploaded.get(part.attachmentId);
      if (!file) throw new ChatError('attachment_not_found', 'The file was not uploaded in this page.');
      return file;
    });
  }
}
