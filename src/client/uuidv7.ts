/** The ids of one millisecond count up from a number below this; the rest of the twelve bits is room to count. */
const SEEDS = 0x800;
const MAX_COUNT = 0xfff;

let lastAt = 0;
let count = 0;

/**
 * An id that sorts by when it was made (RFC 9562, UUID version 7), also among those of one millisecond and after the clock was set back:
 * by a counter in `rand_a` (section 6.2, method 1). Not by `crypto.randomUUID`, which pages without TLS lack.
 */
export function uuidv7(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  const now = Date.now();
  if (now > lastAt) {
    lastAt = now;
    count = ((bytes[8]! << 8) | bytes[9]!) % SEEDS;
  } else if (++count > MAX_COUNT) {
    lastAt += 1;
    count = 0;
  }
  bytes[0] = (bytes[0]! & 0x3f) | 0x80;
  const random = Array.from(bytes.subarray(0, 8), (byte) => hex(byte, 2)).join('');
  const digits = `${hex(lastAt, 12)}7${hex(count, 3)}${random}`;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function hex(value: number, length: number): string {
  return value.toString(16).padStart(length, '0');
}
