/** RFC 6455, 5.2: a whole text message, not masked, as a server sends it. */
const FINAL_TEXT = 0x81;
/** Payload lengths up to this are in the second byte; it says 126 when two bytes more have it, and 127 when eight have. */
const MAX_SHORT = 125;
const MAX_16_BITS = 65_535;

/** A frame in the bytes of every transport: written once and sent to everybody as it is. */
export class EncodedFrame {
  /** The WebSocket message: a head of RFC 6455, then the JSON. */
  readonly webSocket: Buffer;
  readonly #headLength: number;

  constructor(json: string) {
    const length = Buffer.byteLength(json);
    this.#headLength = length <= MAX_SHORT ? 2 : length <= MAX_16_BITS ? 4 : 10;
    const bytes = Buffer.allocUnsafe(this.#headLength + length);
    bytes[0] = FINAL_TEXT;
    if (length <= MAX_SHORT) {
      bytes[1] = length;
    } else if (length <= MAX_16_BITS) {
      bytes[1] = 126;
      bytes.writeUInt16BE(length, 2);
    } else {
      bytes[1] = 127;
      bytes.writeBigUInt64BE(BigInt(length), 2);
    }
    bytes.write(json, this.#headLength);
    this.webSocket = bytes;
  }

  /** The JSON alone, in UTF-8. */
  get json(): Buffer {
    return this.webSocket.subarray(this.#headLength);
  }
}
