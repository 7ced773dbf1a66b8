import type { IncomingMessage } from 'node:http';
import { pipeline, type Duplex, type Readable } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip } from 'node:zlib';
import { Refusal } from './Refusal.ts';

/** How the pieces of a body are unpacked. A body that breaks off is read as far as it came. */
const UNPACKERS: Readonly<Record<string, () => Duplex>> = {
  gzip: () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
  'x-gzip': () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
  br: () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }),
};

/**
 * A body, unpacked, piece by piece and no further than `maxBytes` of it: neither of what comes nor of what that unpacks to. Whoever stops
 * reading ends it.
 * @throws {Refusal} `wrong_encoding`, `too_late`, `unreachable`
 */
export async function* readBody(
  response: IncomingMessage,
  { maxBytes, signal }: { maxBytes: number; signal: AbortSignal },
): AsyncGenerator<Buffer, void, void> {
  let left = maxBytes;
  try {
    for await (const chunk of unpacked(response, maxBytes)) {
      const piece = (chunk as Buffer).subarray(0, left);
      left -= piece.length;
      yield piece;
      if (left === 0) return;
    }
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    throw new Refusal(signal.aborted ? 'too_late' : 'unreachable', { cause });
  } finally {
    response.destroy();
  }
}

function unpacked(response: IncomingMessage, maxBytes: number): Readable {
  const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return response;
  const unpacker = Object.hasOwn(UNPACKERS, encoding) ? UNPACKERS[encoding] : undefined;
  if (!unpacker) throw new Refusal('wrong_encoding');
  // What goes wrong is told to whoever reads the end of it.
  return pipeline(response, bounded(maxBytes), unpacker(), () => {});
}

/** Packed bytes may unpack to nothing, without end. */
function bounded(maxBytes: number) {
  return async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let left = maxBytes;
    for await (const chunk of source) {
      const piece = chunk.subarray(0, left);
      left -= piece.length;
      yield piece;
      if (left === 0) return;
    }
  };
}
