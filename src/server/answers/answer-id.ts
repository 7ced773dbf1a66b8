import { createHash } from 'node:crypto';

/** An answer's id follows from that of the message that it answers: however often that is stored and heard of, it gets one answer. */
export function answerIdOf(messageId: string): string {
  const hash = createHash('sha256').update(`answer:${messageId}`).digest('hex');
  // As a UUID of a version that is free for one's own use (RFC 9562, 5.8).
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
