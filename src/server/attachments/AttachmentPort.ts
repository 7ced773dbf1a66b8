import type { FilePart, LinkPreview, MessagePart, MessagePartInput, UploadLimits } from '../../protocol/index.ts';

/** A file part as it is stored in a message: without the link, which is made anew whenever the part goes out. */
export type StoredFilePart = Omit<FilePart, 'url' | 'urlExpiresAt'>;
export type StoredPart = Exclude<MessagePart, FilePart> | StoredFilePart;

/** The preview of a link as it is stored, its picture without the link to it. */
export type StoredPreview = Omit<LinkPreview, 'image'> & { image?: StoredFilePart };

export interface AttachmentLink {
  /** Relative to the server's origin. */
  url: string;
  /** Server time, ms since 1970. */
  urlExpiresAt: number;
}

/** A picture that the server fetched: one of those that every browser shows, its measures in CSS pixels. */
export interface ImageToKeep {
  bytes: Buffer;
  mediaType: string;
  /** Without the dot. */
  extension: string;
  width: number;
  height: number;
}

/** The message that is to show it, and the person whose link led to it. */
export interface KeptFor {
  messageId: string;
  threadId: string;
  userId: string;
}

/** What the gateway needs of attachments. */
export interface AttachmentPort {
  /** Told to every client, so that it need not upload what is refused. */
  readonly limits: UploadLimits;
  /**
   * What is stored for the parts of a message that is sent or edited. Each file becomes this message's: it is the sender's own, was
   * uploaded to this thread, and belongs to no other message. Doing it again for the same message gives the same.
   * @throws {ChatError} `attachment_not_found`
   */
  resolve(
    parts: readonly MessagePartInput[],
    message: { messageId: string; threadId: string; userId: string },
  ): Promise<StoredPart[]>;
  /** A stored part as it goes out, with a link that is good for a while. For use after the storage was opened. */
  sign(part: StoredFilePart, threadId: string): FilePart;
  /**
   * The next link to a file of a message that still holds it. The caller has made sure that the person may read the thread.
   * @throws {ChatError} `attachment_not_found`
   */
  link(file: { attachmentId: string; threadId: string }): Promise<AttachmentLink>;
  /**
   * Stores a picture as a file of a message that is to show it; null where that is not to be.
   * @throws {ChatError} `rate_limited` when the person has uploaded all that they may
   */
  keep?(image: ImageToKeep, message: KeptFor): Promise<StoredFilePart | null>;
  /**
   * The message no longer holds these: it was deleted, or edited without them. Told after that was stored; a failure is logged and
   * changes nothing for the person.
   */
  released?(files: { threadId: string; messageId: string; attachmentIds: readonly string[] }): Promise<void>;
}
