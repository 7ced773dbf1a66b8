import type { Readable } from 'node:stream';
import { ChatError, type ChatUser } from '../../protocol/index.ts';
import { DEFAULT_TYPES, isPattern } from './media-types.ts';

const DEFAULT_DIRECTORY = '.latchkit/files';
const MIB = 1_048_576;
const MIN_LINK_TTL_SECONDS = 60;
/** Whoever has a link has the file for as long as it lives, also after leaving the conversation. */
const MAX_LINK_TTL_SECONDS = 604_800;

/** Where a bucket is and how to reach it. */
export interface S3Settings {
  bucket: string;
  /** E.g. `eu-central-1`; `auto` for Cloudflare R2. Default: what the AWS client finds in its environment. */
  region?: string;
  /** Address of an S3-compatible server. Default: Amazon's. */
  endpoint?: string;
  /** Default: what the AWS client finds in its environment. */
  accessKeyId?: string;
  secretAccessKey?: string;
  sessionToken?: string;
  /** `https://host/bucket/key` instead of `https://bucket.host/key`; MinIO wants it. Default false. */
  forcePathStyle?: boolean;
  /** In front of every key, e.g. `chat/`. Default none. */
  prefix?: string;
}

/** A complete file that is about to be accepted. */
export interface ScannedFile {
  /** A new stream of its bytes per call. */
  stream(): Promise<Readable>;
  /** Where it lies on this machine; null in a bucket. Do not change it. */
  path: string | null;
  /** As its bytes say, not as the sender said. */
  mediaType: string;
  /** Bytes. */
  size: number;
  filename: string;
  user: ChatUser;
  threadId: string;
}

export type ScanVerdict = 'clean' | { refused: string };

interface AttachmentSettings {
  /** Largest file, bytes. Default 25 MiB. */
  maxBytes?: number;
  /**
   * Media types that are taken, as the file's bytes say: `image/png`, `image/*`. Default: images, audio, video, PDF, plain text, Markdown,
   * CSV, ZIP, and office documents without macros. Wildcards never mean HTML, SVG, XML or JavaScript; such a type, when it is listed by
   * name, is served for saving only.
   */
  types?: readonly string[];
  /**
   * Looks at each complete file before anybody gets it: a virus scanner's place. `refused` is shown to the sender. When it throws or takes
   * longer than two minutes, the file is not accepted, and the sender may try again without uploading it again.
   */
  scan?: (file: ScannedFile) => Promise<ScanVerdict> | ScanVerdict;
  /** How long a link to a file lives at most, seconds, 60–604,800. Default 3,600. */
  linkTtlSeconds?: number;
  /** What one person may upload within 24 hours, bytes. Default 1 GiB. */
  perUserBytesPerDay?: number;
}

/** Files in messages. `{}` takes all defaults. */
export type AttachmentOptions = AttachmentSettings &
  (
    | {
        /** A folder for the files, made when it is missing. Several nodes need a volume that they share. Default `.latchkit/files`. */
        directory?: string;
        s3?: never;
      }
    | {
        /** A bucket for the files. Needs the package `@tus/s3-store`. */
        s3: S3Settings;
        directory?: never;
      }
  );

export type CheckedAttachmentOptions = Required<Omit<AttachmentSettings, 'scan'>> &
  Pick<AttachmentSettings, 'scan'> & { place: { directory: string } | { s3: S3Settings } };

/** @throws {ChatError} `invalid_options` naming the option */
export function checkAttachmentOptions(options: AttachmentOptions): CheckedAttachmentOptions {
  if (typeof options !== 'object' || options === null) throw invalid('', 'must be an object; {} takes all defaults');
  const {
    directory,
    s3,
    scan,
    maxBytes = 25 * MIB,
    types = DEFAULT_TYPES,
    linkTtlSeconds = 3_600,
    perUserBytesPerDay = 1_024 * MIB,
  } = options;
  if (directory !== undefined && s3 !== undefined) throw invalid('.directory', 'and s3 exclude each other');
  if (directory !== undefined && (typeof directory !== 'string' || directory.trim() === '')) {
    throw invalid('.directory', 'must be the path of a folder');
  }
  if (s3 !== undefined && (typeof s3?.bucket !== 'string' || s3.bucket === '')) {
    throw invalid('.s3.bucket', 'must name a bucket');
  }
  if (scan !== undefined && typeof scan !== 'function') throw invalid('.scan', 'must be a function');
  if (!Array.isArray(types) || types.length === 0 || !types.every(isPattern)) {
    throw invalid('.types', 'must list media types such as "image/*" or "application/pdf"');
  }
  if (!isCount(maxBytes)) throw invalid('.maxBytes', 'must be a whole number of bytes above 0');
  if (!isCount(perUserBytesPerDay) || perUserBytesPerDay < maxBytes) {
    throw invalid('.perUserBytesPerDay', 'must be a whole number of bytes, maxBytes at least');
  }
  if (!isCount(linkTtlSeconds) || linkTtlSeconds < MIN_LINK_TTL_SECONDS || linkTtlSeconds > MAX_LINK_TTL_SECONDS) {
    throw invalid('.linkTtlSeconds', `must be ${MIN_LINK_TTL_SECONDS}–${MAX_LINK_TTL_SECONDS}`);
  }
  const place = s3 ? { s3 } : { directory: directory ?? DEFAULT_DIRECTORY };
  return { place, scan, maxBytes, types, linkTtlSeconds, perUserBytesPerDay };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function invalid(option: string, why: string): ChatError {
  return new ChatError('invalid_options', `attachments${option} ${why}.`);
}
