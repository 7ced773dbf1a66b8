import { Readable } from 'node:stream';
import { detectType } from '../attachments/detectType.ts';
import type { OpenFile } from '../attachments/FileStore.ts';
import { measureImage } from '../attachments/measureImage.ts';
import { readBody } from './readBody.ts';
import { Refusal } from './Refusal.ts';
import { request } from './request.ts';

const MAX_IMAGE_BYTES = 1_048_576;
/** What every browser shows, and nothing that runs. */
const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif'];
/** Smaller ones are counters and spacers. */
const MIN_SIDE = 16;
/** Longer ones are no picture of a page. */
const MAX_RATIO = 8;
/** What a reader's browser unpacks it to, 4 bytes each. */
const MAX_PIXELS = 16_000_000;

export interface FoundImage {
  bytes: Buffer;
  mediaType: string;
  /** Without the dot. */
  extension: string;
  width: number;
  height: number;
}

/**
 * A page's picture, by its bytes and not by what its server says of them.
 * @throws {Refusal}
 */
export async function fetchImage(link: URL, guards: Parameters<typeof request>[2]): Promise<FoundImage> {
  const { response } = await request(link, IMAGE_TYPES.join(', '), guards);
  const pieces: Buffer[] = [];
  // One byte more than may be: with it, there is too much.
  for await (const piece of readBody(response, { maxBytes: MAX_IMAGE_BYTES + 1, signal: guards.signal })) {
    pieces.push(piece);
  }
  const bytes = Buffer.concat(pieces);
  if (bytes.length > MAX_IMAGE_BYTES) throw new Refusal('too_large');
  const open: OpenFile = (range) =>
    Promise.resolve(Readable.from([range ? bytes.subarray(range.start, range.end + 1) : bytes]));
  const type = await detectType(open, '');
  if (!type || !IMAGE_TYPES.includes(type.mediaType)) throw new Refusal('wrong_type');
  const measures = await measureImage(open);
  if ('refused' in measures || !isPicture(measures)) throw new Refusal('wrong_type');
  return { bytes, ...type, ...measures };
}

function isPicture({ width, height }: { width: number; height: number }): boolean {
  const [short, long] = width < height ? [width, height] : [height, width];
  return short >= MIN_SIDE && long <= short * MAX_RATIO && width * height <= MAX_PIXELS;
}
