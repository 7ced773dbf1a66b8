import type { Readable } from 'node:stream';
import type { S3Store } from '@tus/s3-store';
import { ChatError } from '../../protocol/index.ts';
import type { ByteRange, FileStore } from './FileStore.ts';
import type { S3Settings } from './options.ts';

/** The tus store with what it keeps to itself and serving and sweeping need. */
interface BucketStore extends S3Store {
  readRange(key: string, range?: ByteRange): Promise<Readable>;
  removeAll(key: string): Promise<void>;
}

/** Files in a bucket of S3, or of what speaks its language. Needs the optional package `@tus/s3-store`. */
export function s3Store({ bucket, prefix = '', ...client }: S3Settings): FileStore {
  const keyOf = (id: string) => `${prefix}${id}`;
  let opening: Promise<BucketStore> | null = null;

  async function openStore(): Promise<BucketStore> {
    const Store = await loadStore();
    const { accessKeyId, secretAccessKey, sessionToken, ...rest } = client;
    return new Store({
      // Tags serve tus's own expiry; sweeping is done by the table, and some servers know no tags.
      useTags: false,
      s3ClientConfig: {
        ...rest,
        bucket,
        // What is not Amazon's mostly knows no checksums that nobody asked for.
        ...(client.endpoint !== undefined && {
          requestChecksumCalculation: 'WHEN_REQUIRED',
          responseChecksumValidation: 'WHEN_REQUIRED',
        }),
        // Without them the AWS client asks its chain: environment, profile, the machine's role.
        ...(accessKeyId !== undefined &&
          secretAccessKey !== undefined && { credentials: { accessKeyId, secretAccessKey, sessionToken } }),
      },
    });
  }
  const open = () =>
    (opening ??= openStore().catch((error: unknown) => {
      opening = null;
      throw error;
    }));

  return {
    open,
    keyOf,
    settle: () => Promise.resolve(), // S3 answers when it is durable.
    read: async (id, range) => (await open()).readRange(keyOf(id), range),
    remove: async (id) => (await open()).removeAll(keyOf(id)),
  };
}

async function loadStore() {
  const { S3Store } = await import('@tus/s3-store').catch((cause: unknown) => {
    throw new ChatError(
      'invalid_options',
      'attachments.s3 needs a package that is not installed: npm i @tus/s3-store',
      {
        cause,
      },
    );
  });
  // A subclass, because the client is protected: a second one would ask for its own credentials and connections.
  return class extends S3Store implements BucketStore {
    async readRange(key: string, range?: ByteRange): Promise<Readable> {
      const { Body } = await this.client.getObject({
        Bucket: this.bucket,
        Key: key,
        ...(range && { Range: `bytes=${range.start}-${range.end}` }),
      });
      return Body as Readable;
    }

    /** tus's own remove() leaves a finished file where it is: it stops when there is no upload left to abort. */
    async removeAll(key: string): Promise<void> {
      await this.abort(key);
      for (const Key of [key, this.partKey(key, true), this.infoKey(key)]) {
        await this.client.deleteObject({ Bucket: this.bucket, Key });
      }
      await this.clearCache(key);
    }

    async abort(key: string): Promise<void> {
      try {
        const { 'upload-id': UploadId } = await this.getMetadata(key);
        if (UploadId) await this.client.abortMultipartUpload({ Bucket: this.bucket, Key: key, UploadId });
      } catch (error) {
        // Finished, or never begun.
        if (!/^(NoSuchUpload|NoSuchKey|NotFound)$/.test((error as Error).name)) throw error;
      }
    }
  };
}
