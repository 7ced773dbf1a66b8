import { randomBytes } from 'node:crypto';
import {
  ChatError,
  type ChatUser,
  type FilePart,
  type MessagePartInput,
  type UploadLimits,
} from '../../protocol/index.ts';
import type { Clock } from '../clock.ts';
import type { AttachmentRecord, AttachmentRecords } from '../storage/AttachmentTable.ts';
import type { ChatStorage } from '../storage/ChatStorage.ts';
import type { TokenVerifier } from '../token/createTokenVerifier.ts';
import type { OriginPolicy } from '../token/OriginPolicy.ts';
import type { Logger } from '../types.ts';
import type {
  AttachmentLink,
  AttachmentPort,
  ImageToKeep,
  KeptFor,
  StoredFilePart,
  StoredPart,
} from './AttachmentPort.ts';
import { diskStore } from './diskStore.ts';
import { DownloadRoute } from './DownloadRoute.ts';
import { FileInspector } from './FileInspector.ts';
import type { FileStore } from './FileStore.ts';
import { ImageKeeper } from './ImageKeeper.ts';
import { linkKeyFrom, LinkSigner } from './links.ts';
import type { CheckedAttachmentOptions } from './options.ts';
import { s3Store } from './s3Store.ts';
import { Sweeper } from './Sweeper.ts';
import { UploadRoutes } from './UploadRoutes.ts';

export interface AttachmentsPorts {
  options: CheckedAttachmentOptions;
  basePath: string;
  storage(): Promise<ChatStorage>;
  verifier: TokenVerifier;
  /** @throws {ChatError} the person may not upload to this thread now */
  requireUpload(user: ChatUser, threadId: string): Promise<void>;
  /** Link keys are derived from them, the first one signs; undefined: a key that the nodes share through the database. */
  secrets: readonly string[] | undefined;
  origins: OriginPolicy;
  /** Whether pages of other sites may show the files. */
  crossSite: boolean;
  logger: Logger;
  clock: Clock;
}

/** Files in messages: their uploads, their links, and their end. */
export class Attachments implements AttachmentPort {
  readonly #ports: AttachmentsPorts;
  readonly #files: FileStore;
  readonly #uploads: UploadRoutes;
  readonly #downloads: DownloadRoute;
  readonly #sweeper: Sweeper;
  readonly #keeper: ImageKeeper;
  #signer: LinkSigner | null = null;
  /** Below this path bodies are as long as files. */
  readonly uploadPath: string;
  readonly limits: UploadLimits;

  constructor(ports: AttachmentsPorts) {
    const { options, basePath, clock, logger, origins, crossSite } = ports;
    this.#ports = ports;
    this.uploadPath = `${basePath}/uploads`;
    this.limits = { maxBytes: options.maxBytes, types: [...options.types] };
    this.#files =
      's3' in options.place ? s3Store(options.place.s3) : diskStore(options.place.directory, (id) => this.#sizeOf(id));
    if (ports.secrets) this.#signer = this.#signerOf(ports.secrets.map(linkKeyFrom));
    const shared = { files: this.#files, records: () => this.#records(), origins, logger };
    this.#uploads = new UploadRoutes({
      ...shared,
      inspector: new FileInspector({ files: this.#files, options, clock, logger }),
      options,
      now: () => clock.now(),
      path: this.uploadPath,
      authenticate: (request) => this.#authenticate(request),
      requireUpload: (user, threadId) => ports.requireUpload(user, threadId),
    });
    this.#downloads = new DownloadRoute({
      ...shared,
      signer: async () => {
        await this.prepare(await ports.storage());
        return this.#ready();
      },
      path: `${basePath}/attachments`,
      crossSite,
      now: () => clock.now(),
    });
    this.#keeper = new ImageKeeper({
      files: this.#files,
      records: () => this.#records(),
      perUserBytesPerDay: options.perUserBytesPerDay,
      now: () => clock.now(),
    });
    this.#sweeper = new Sweeper({ files: this.#files, records: () => this.#records(), clock, logger });
  }

  /** Gets the key of the links, once. Await it before {@link sign}. */
  async prepare(storage: ChatStorage): Promise<void> {
    if (this.#signer) return;
    const key = await storage.attachments.sharedKey('attachment-links', randomBytes(32).toString('base64url'));
    this.#signer ??= this.#signerOf([Buffer.from(key, 'base64url')]);
  }

  /** Answers `{basePath}/uploads…` and `{basePath}/attachments/…`; undefined for every other path. */
  fetch(request: Request): Promise<Response> | undefined {
    const { pathname } = new URL(request.url);
    const { basePath } = this.#ports;
    const isUnder = (path: string) => pathname === path || pathname.startsWith(`${path}/`);
    if (isUnder(this.uploadPath)) return this.#uploads.fetch(request);
    return isUnder(`${basePath}/attachments`) ? this.#downloads.fetch(request) : undefined;
  }

  /** Begins to remove, now and then, what nobody needs any more. */
  start(): void {
    this.#sweeper.start();
    this.ready().catch((cause: unknown) => {
      this.#ports.logger.error('Files cannot be stored; it is tried again with the next one.', { cause });
    });
  }

  /** @throws {ChatError} while files cannot be stored: the folder cannot be made, the package for buckets is not there. */
  async ready(): Promise<void> {
    await this.#files.open().catch((cause: unknown) => {
      throw ChatError.is(cause) ? cause : new ChatError('internal', 'Files cannot be stored.', { cause });
    });
  }

  close(): Promise<void> {
    return this.#sweeper.stop();
  }

  async resolve(
    parts: readonly MessagePartInput[],
    message: { messageId: string; threadId: string; userId: string },
  ): Promise<StoredPart[]> {
    const ids = new Set(parts.flatMap((part) => (part.type === 'file' ? [part.attachmentId] : [])));
    if (ids.size === 0) return parts.filter((part) => part.type === 'text');
    const claimed = await (await this.#records()).claim([...ids], message);
    const byId = new Map(claimed.map((record) => [record.id, record]));
    return parts.map((part) => {
      if (part.type === 'text') return part;
      const record = byId.get(part.attachmentId);
      if (!record) throw notFound();
      return toStoredPart(record);
    });
  }

  sign(part: StoredFilePart): FilePart {
    return { ...part, ...this.#ready().sign(part.attachmentId, this.#ports.clock.now()) };
  }

  async link({ attachmentId, threadId }: { attachmentId: string; threadId: string }): Promise<AttachmentLink> {
    const record = await (await this.#records()).getHeld(attachmentId);
    if (record?.threadId !== threadId) throw notFound();
    await this.prepare(await this.#ports.storage());
    return this.#ready().sign(attachmentId, this.#ports.clock.now());
  }

  keep(image: ImageToKeep, message: KeptFor): Promise<StoredFilePart | null> {
    return this.#keeper.keep(image, message);
  }

  async released({ attachmentIds }: { attachmentIds: readonly string[] }): Promise<void> {
    for (const id of attachmentIds) await this.#sweeper.removeReleased(id);
  }

  async #sizeOf(id: string): Promise<number | null> {
    return (await (await this.#records()).get(id))?.size ?? null;
  }

  async #records(): Promise<AttachmentRecords> {
    return (await this.#ports.storage()).attachments;
  }

  async #authenticate(request: Request): Promise<ChatUser> {
    const raw = /^Bearer ([^\s]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    if (raw === undefined) throw new ChatError('token_invalid', 'Send Authorization: Bearer with a token.');
    const { userId } = await this.#ports.verifier.verify(raw);
    return (await this.#ports.storage()).getUser(userId);
  }

  #signerOf(keys: readonly Buffer[]): LinkSigner {
    const { basePath, options } = this.#ports;
    return new LinkSigner(keys, `${basePath}/attachments`, options.linkTtlSeconds);
  }

  #ready(): LinkSigner {
    if (!this.#signer) throw new Error('Attachments were used before prepare().');
    return this.#signer;
  }
}

function toStoredPart({ id, mediaType, filename, size, width, height }: AttachmentRecord): StoredFilePart {
  // Stored files have a type; the table cannot say so.
  return { type: 'file', attachmentId: id, mediaType: mediaType ?? '', filename, size, width, height };
}

function notFound(): ChatError {
  return new ChatError('attachment_not_found', 'A file is not there, or belongs to another message.');
}
