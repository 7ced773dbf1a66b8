import type { AnswerChunk } from '../../../protocol/index.ts';

/** Which version of the SDK reads a stream. */
export type AiSdkVersion = 6 | 7;

/** What versions 6 and 7 of the SDK both read. A client ends a stream at a type that it does not know. */
const KNOWN = new Set([
  'text-start',
  'text-delta',
  'text-end',
  'reasoning-start',
  'reasoning-delta',
  'reasoning-end',
  'source-url',
  'source-document',
  'tool-input-start',
  'tool-input-delta',
  'tool-input-available',
  'tool-input-error',
  'tool-approval-request',
  'tool-output-available',
  'tool-output-error',
  'tool-output-denied',
  'start-step',
  'finish-step',
  'message-metadata',
]);

/** What version 7 reads besides. */
const KNOWN_TO_7 = new Set(['reset-step', 'custom', 'reasoning-file', 'tool-approval-response']);

/** A chunk of an answer as a client of the SDK may be sent it; null for one that is not for it. */
export function toUiChunk(chunk: AnswerChunk, version: AiSdkVersion): AnswerChunk | null {
  const { type } = chunk;
  // Kept as data, because a file part of a conversation is one that was uploaded.
  if (type === 'data-file') return { type: 'file', ...(chunk.data as object) };
  if (version === 7 && KNOWN_TO_7.has(type)) return chunk;
  // Version 6 has nothing that takes a part off a message: the page is told, and can ask once more.
  if (type === 'reset-step') return { type: 'data-reset-step', data: null, transient: true };
  if (type.startsWith('data-') || KNOWN.has(type)) return version === 7 ? chunk : withoutNews(chunk);
  // Its id is the server's to give; what else it says is not.
  if (type === 'start' && chunk.messageMetadata !== undefined)
    return { type: 'message-metadata', messageMetadata: chunk.messageMetadata };
  return null;
}

/** Fields that version 7 alone has: clients before 6.0.326 refuse what they do not know. */
function withoutNews(chunk: AnswerChunk): AnswerChunk {
  if (chunk.type === 'text-end') return without(chunk, ['citations']);
  if (chunk.type === 'tool-approval-request') return without(chunk, ['reason', 'isAutomatic']);
  return chunk;
}

function without(chunk: AnswerChunk, names: readonly string[]): AnswerChunk {
  return Object.fromEntries(Object.entries(chunk).filter(([name]) => !names.includes(name))) as AnswerChunk;
}
