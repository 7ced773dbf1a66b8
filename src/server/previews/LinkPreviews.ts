import type { AttachmentPort, StoredPreview } from '../attachments/AttachmentPort.ts';
import { announceMessage } from '../gateway/announce.ts';
import { toWireMessage } from '../gateway/wire.ts';
import type { Fanout } from '../fanout/Fanout.ts';
import type { ChatStorage, StoredMessage } from '../storage/ChatStorage.ts';
import { LinkFinder, type FinderPorts } from './LinkFinder.ts';
import { linksIn, mayLink } from './linksIn.ts';
import type { FoundImage } from './fetchImage.ts';
import { PersonalRates } from './PersonalRates.ts';

export interface PreviewPorts extends Omit<FinderPorts, 'images'> {
  storage(): Promise<ChatStorage>;
  fanout: Fanout;
  attachments: AttachmentPort | undefined;
}

/**
 * Looks at the links of messages after they were stored, and adds what it found to them. Nobody waits for it, and nothing depends on it: a
 * server that dies in between loses a preview.
 */
export class LinkPreviews {
  readonly #ports: PreviewPorts;
  readonly #finder: LinkFinder;
  readonly #rates: PersonalRates;
  readonly #working = new Set<Promise<void>>();
  #closed = false;

  constructor(ports: PreviewPorts) {
    const { options, attachments } = ports;
    this.#ports = ports;
    this.#finder = new LinkFinder({ ...ports, images: options.images && attachments?.keep !== undefined });
    this.#rates = new PersonalRates(options.perUserPerMinute);
  }

  /**
   * A message was stored, or says something else now.
   * @param userId who did that
   */
  heard(message: StoredMessage, userId: string): void {
    if (this.#closed || message.answer) return;
    // In a later turn: the answer to who sent it goes out at the end of this one.
    setImmediate(() => {
      if (this.#closed) return;
      const work = this.#preview(message, userId)
        .catch((cause: unknown) => this.#ports.logger.warn('Previews of links could not be stored.', { cause }))
        .finally(() => this.#working.delete(work));
      this.#working.add(work);
    });
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#finder.close();
    await Promise.all(this.#working);
  }

  async #preview(message: StoredMessage, userId: string): Promise<void> {
    const { options, clock, meter } = this.#ports;
    if (!mayLink(message.parts)) return;
    // Before the text is read: that is work, too.
    if (!this.#rates.take(userId, clock.now()))
      return meter.count('latchkit_link_previews_total', { outcome: 'limited' });
    const known = new Set(message.previews?.map(({ url }) => url));
    const links = linksIn(message.parts).slice(0, options.maxLinks);
    const found = await Promise.all(
      links.filter((url) => !known.has(url)).map((url) => this.#previewOf(url, message, userId)),
    );
    const previews = found.filter((each) => each !== null);
    if (previews.length === 0 || this.#closed) return;
    const storage = await this.#ports.storage();
    const { id: messageId, threadId } = message;
    const stored = await storage.addPreviews({ threadId, messageId, previews });
    await this.#release(message, previews, stored);
    if (!stored) return;
    const { fanout, attachments } = this.#ports;
    await announceMessage({ fanout }, { type: 'message.updated', message: toWireMessage(stored, attachments) });
  }

  async #previewOf(url: string, message: StoredMessage, userId: string): Promise<StoredPreview | null> {
    const { page, image } = await this.#finder.find(url);
    if (!page) return null;
    const { host, siteName, title, description } = page;
    const preview: StoredPreview = { url, host, siteName, title, description };
    const kept = image && (await this.#keep(image, message, userId));
    return kept ? { ...preview, image: kept } : preview;
  }

  async #keep(image: FoundImage, { id: messageId, threadId }: StoredMessage, userId: string) {
    try {
      return await this.#ports.attachments?.keep?.(image, { messageId, threadId, userId });
    } catch (cause) {
      // Also where the person has uploaded all that they may: the words are shown.
      this.#ports.logger.warn('The picture of a link could not be kept.', { cause });
      return null;
    }
  }

  /** The message changed meanwhile, so that a picture is not in it. */
  async #release(message: StoredMessage, previews: readonly StoredPreview[], stored: StoredMessage | null) {
    const { id: messageId, threadId } = message;
    const held = new Set(stored?.previews?.map(({ image }) => image?.attachmentId));
    const attachmentIds = previews
      .flatMap(({ image }) => image?.attachmentId ?? [])
      .filter((attachmentId) => !held.has(attachmentId));
    if (attachmentIds.length > 0) {
      await this.#ports.attachments?.released?.({ threadId, messageId, attachmentIds });
    }
  }
}
