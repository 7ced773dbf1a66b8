import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DataStore, Upload } from '@tus/server';
import type { FileStore } from './FileStore.ts';

/** Private to the user that the server runs as. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * Files in a folder of this machine, or of a volume that all nodes share: one file for each, by its id, and nothing else.
 *
 * tus has a store of its own for that (`@tus/file-store`). It makes its folder while nobody waits for it, and ends the process when it
 * cannot; and it keeps the size beside each file, where the database has it already.
 * @param sizeOf how large a file is to become; null for one that was not begun
 */
export function diskStore(directory: string, sizeOf: (id: string) => Promise<number | null>): FileStore {
  const folder = resolve(directory);
  const pathOf = (id: string) => join(folder, id);
  let opening: Promise<DataStore> | null = null;

  async function openStore(): Promise<DataStore> {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    const tus = await import('@tus/server');
    // tus's port is a class.
    return new (class extends tus.DataStore {
      override extensions = ['creation', 'creation-with-upload'];

      override async create(upload: Upload): Promise<Upload> {
        await writeFile(pathOf(upload.id), '', { flag: 'wx', mode: FILE_MODE });
        return upload;
      }

      /** What has arrived when the stream breaks stays: the next request asks for the file's length. */
      override async write(stream: Readable, id: string, offset: number): Promise<number> {
        const file = createWriteStream(pathOf(id), { flags: 'r+', start: offset });
        await pipeline(stream, file);
        return offset + file.bytesWritten;
      }

      override async getUpload(id: string): Promise<Upload> {
        const size = await sizeOf(id);
        const file = size === null ? null : await stat(pathOf(id)).catch(nullIfMissing);
        // tus throws plain objects for what it answers itself.
        if (size === null || file === null) throw Object.assign(new Error(), tus.ERRORS.FILE_NOT_FOUND);
        return new tus.Upload({ id, size, offset: file.size });
      }
    })();
  }

  return {
    open: () =>
      (opening ??= openStore().catch((error: unknown) => {
        opening = null;
        throw error;
      })),
    keyOf: (id) => id,
    pathOf,
    async settle(id) {
      await sync(pathOf(id));
      // The file's name is the folder's content. Windows opens no folders, and needs it not.
      if (process.platform !== 'win32') await sync(folder);
    },
    async read(id, range) {
      // Opened here, so that a file that is not there is told by a rejection and not in the middle of an answer.
      const file = await open(pathOf(id), 'r');
      return createReadStream('', { fd: file, ...range });
    },
    remove: (id) => rm(pathOf(id), { force: true }),
  };
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
