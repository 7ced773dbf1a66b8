/** Beyond, only the end of a text is looked at for what is half-written: the work per update is not to grow with the text. */
const LONG = 2_000;

export function isLong(length: number): boolean {
  return length > LONG;
}
