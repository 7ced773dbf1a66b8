import type { Page } from 'playwright';

/** Side of the squares whose mean colours are compared, px: about a line of text, so that the edges of letters average out. */
const SQUARE = 8;
/** Most by which a colour (0 to 255) of a square may differ. */
export const TOLERANCE = 12;

export interface Difference {
  /** Squares that differ by more than {@link TOLERANCE}; all where the measures differ. */
  squares: number;
  /** The greatest difference of a colour. */
  most: number;
  /** Where the first one is, px. */
  at: { x: number; y: number } | null;
}

/** How a picture differs from what it should be. `page` is any page: it unpacks the pictures. */
export async function compare(page: Page, wanted: Buffer, actual: Buffer): Promise<Difference> {
  const pictures = [wanted, actual].map((picture) => `data:image/png;base64,${picture.toString('base64')}`);
  return page.evaluate(
    async ({ pictures, SQUARE, TOLERANCE }) => {
      const [a, b] = await Promise.all(
        pictures.map(async (picture) => {
          const bitmap = await createImageBitmap(await (await fetch(picture)).blob());
          const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
          context.drawImage(bitmap, 0, 0);
          return context.getImageData(0, 0, bitmap.width, bitmap.height);
        }),
      );
      const difference: Difference = { squares: 0, most: 0, at: null };
      if (!a || !b || a.width !== b.width || a.height !== b.height)
        return { ...difference, squares: Infinity, most: 255 };
      for (let y = 0; y < a.height; y += SQUARE) {
        for (let x = 0; x < a.width; x += SQUARE) {
          const sums = [0, 0, 0];
          for (let row = y; row < Math.min(y + SQUARE, a.height); row += 1) {
            for (let column = x; column < Math.min(x + SQUARE, a.width); column += 1) {
              const pixel = (row * a.width + column) * 4;
              sums.forEach((_, color) => (sums[color]! += a.data[pixel + color]! - b.data[pixel + color]!));
            }
          }
          const most = Math.max(...sums.map(Math.abs)) / (SQUARE * SQUARE);
          difference.most = Math.max(difference.most, most);
          if (most <= TOLERANCE) continue;
          difference.squares += 1;
          difference.at ??= { x, y };
        }
      }
      return difference;
    },
    { pictures, SQUARE, TOLERANCE },
  );
}
