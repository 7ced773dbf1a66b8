import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AttachmentLink } from './AttachmentPort.ts';

/** What the key is for: it signs nothing else, and nothing else's key signs links. */
const PURPOSE = 'latchkit attachment links v1';

export type LinkVerdict = 'good' | 'lapsed' | 'forged';

/** A key for links out of a secret that signs something else. */
export function linkKeyFrom(secret: string): Buffer {
  return createHmac('sha256', secret).update(PURPOSE).digest();
}

/** Signs links to files and checks them. Which of two files, and until when, is signed; who asks is not: whoever has it may read. */
export class LinkSigner {
  readonly #keys: readonly Buffer[];
  readonly #base: string;
  readonly #halfTtlMs: number;

  /**
   * @param keys the first signs, all are good
   * @param base path that the links begin with
   */
  constructor(keys: readonly Buffer[], base: string, ttlSeconds: number) {
    this.#keys = keys;
    this.#base = base;
    this.#halfTtlMs = Math.floor(ttlSeconds / 2) * 1_000;
  }

  /** The same link for half its life, so that a browser that has the file does not load it again. */
  sign(id: string, now: number): AttachmentLink {
    const urlExpiresAt = (Math.floor(now / this.#halfTtlMs) + 2) * this.#halfTtlMs;
    const expires = String(urlExpiresAt / 1_000);
    const [newest] = this.#keys;
    const signature = newest === undefined ? '' : signatureOf(newest, id, expires).toString('base64url');
    return { url: `${this.#base}/${id}?expires=${expires}&signature=${signature}`, urlExpiresAt };
  }

  verify(id: string, { searchParams }: URL, now: number): LinkVerdict {
    const expires = searchParams.get('expires') ?? '';
    const given = Buffer.from(searchParams.get('signature') ?? '', 'base64url');
    const fits = this.#keys.map((key) => {
      const right = signatureOf(key, id, expires);
      return given.byteLength === right.byteLength && timingSafeEqual(given, right);
    });
    if (!fits.includes(true)) return 'forged';
    return Number(expires) * 1_000 > now ? 'good' : 'lapsed';
  }
}

function signatureOf(key: Buffer, id: string, expires: string): Buffer {
  return createHmac('sha256', key).update(`${id}\n${expires}`).digest();
}
