import { readUIMessageStream as readV6 } from 'ai6';
import { readUIMessageStream as readV7 } from 'ai7';
import { AnswerParts } from '../../../src/protocol/answers/index.ts';
import type { AnswerChunk } from '../../../src/protocol/index.ts';
import type { SdkVersion } from './chunks.ts';

interface Read {
  parts: unknown;
  metadata?: unknown;
}

/** The message that the AI SDK itself makes of the chunks. */
export async function readBySdk(chunks: readonly AnswerChunk[], version: SdkVersion): Promise<Read> {
  const stream = new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(structuredClone(chunk));
      controller.close();
    },
  });
  const failures: unknown[] = [];
  const onError = (error: unknown) => void failures.push(error);
  let last: Read = { parts: [], metadata: undefined };
  const source = { stream: stream as never, onError };
  const messages = version === 6 ? readV6(source) : readV7(source);
  for await (const message of messages) last = message;
  if (failures.length > 0) throw new Error('The SDK refuses these chunks.', { cause: failures[0] });
  return asJson(last);
}

/** The message that the kit makes of them; looked at now and then, as a page does. */
export function readByKit(chunks: readonly AnswerChunk[], lookEach = 1): Read {
  const answer = new AnswerParts();
  for (const [index, chunk] of chunks.entries()) {
    answer.add(chunk);
    if (index % lookEach === 0) void answer.parts;
  }
  return asJson({ parts: answer.parts, metadata: answer.metadata });
}

function asJson({ parts, metadata }: Read): Read {
  return JSON.parse(JSON.stringify({ parts, metadata: metadata ?? null })) as Read;
}
