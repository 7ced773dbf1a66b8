import type { OpenFile } from './FileStore.ts';

/** The first bytes of a file: at most `limit`. */
export async function readHead(open: OpenFile, limit: number): Promise<Uint8Array> {
  const stream = await open({ start: 0, end: limit - 1 });
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
