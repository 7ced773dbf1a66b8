import type { OpenFile } from './FileStore.ts';
import { readHead } from './readHead.ts';

/** An image's measures stand in its head; what has not told them by then is refused. */
const HEAD_BYTES = 1_048_576;
/** A browser takes 4 bytes for each: a small file that unpacks into a gigabyte stops the pages of everybody who is sent it. */
const MAX_PIXELS = 100_000_000;
/** EXIF orientations that turn an image on its side. */
const TURNED = 5;

export type Measures = { width: number; height: number } | { refused: string };

/** How large an image is shown, in CSS pixels. */
export async function measureImage(open: OpenFile): Promise<Measures> {
  const head = await readHead(open, HEAD_BYTES);
  const { imageSize } = await import('image-size');
  let found: ReturnType<typeof imageSize>;
  try {
    found = imageSize(head);
  } catch {
    return { refused: 'The image is damaged.' };
  }
  const { width, height, orientation = 1 } = found;
  if (!isSide(width) || !isSide(height)) return { refused: 'The image is damaged.' };
  if (width * height > MAX_PIXELS) return { refused: 'The image has too many pixels.' };
  return orientation >= TURNED ? { width: height, height: width } : { width, height };
}

function isSide(pixels: number): boolean {
  return Number.isSafeInteger(pixels) && pixels >= 1;
}
