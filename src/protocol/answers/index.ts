/** How an answer grows: its chunks, one after the other, into parts. A file of its own, so that a page loads it with its first answer. */
export { AnswerParts, ChunkError } from './AnswerParts.ts';
export { partialJson } from './partial-json.ts';
