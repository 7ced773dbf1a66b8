import type { FilePart } from '../../../../protocol/index.ts';
import { filePartOf, UploadedFiles } from '../../turns/uploads/UploadedFiles.ts';
import type { Call, Endpoint } from '../Endpoint.ts';
import type { Attachment, OpenAiChatKitBackendOptions } from '../types.ts';

/** The files that this page has put on the server, and how a window shows those that are there. */
export class Attachments {
  readonly #endpoint: Endpoint;
  readonly #options: OpenAiChatKitBackendOptions;
  readonly files = new UploadedFiles();

  constructor(endpoint: Endpoint, options: OpenAiChatKitBackendOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
  }

  /** The first phase: the server gives the file an id, and a place to put it. */
  create(call: Call, file: { name: string; size: number; mime_type: string }): Promise<Attachment> {
    return this.#endpoint.ask(call, 'attachments.create', file);
  }

  async remove(call: Call, id: string): Promise<void> {
    this.files.delete(id);
    await this.#endpoint.ask(call, 'attachments.delete', { attachment_id: id });
  }

  /** @param size bytes; 0 where nobody says it, as in a history */
  partOf(attachment: Attachment, size = 0): FilePart {
    const { id, name, mime_type: mediaType, preview_url: preview } = attachment;
    const { fileUrl } = this.#options;
    const url = fileUrl?.({ id, name, mediaType, size }) ?? preview ?? '';
    return filePartOf({ id, filename: name, mediaType, size, url });
  }
}
