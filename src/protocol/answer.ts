import * as v from 'valibot';
import { MAX_REASON_LENGTH } from './limits.ts';

const countSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/**
 * One chunk of a growing answer, as the AI SDK's UI Message Stream has it (version 1). Loose, and a client passes over the types that it
 * does not know.
 */
export const answerChunkSchema = v.looseObject({ type: v.string() });

/** What of a growing answer is open at a place in it: with it, whoever comes in the middle can go on. */
const openPartsSchema = v.object({
  /** Texts by their id in the stream: the index of the part. */
  text: v.record(v.string(), countSchema),
  /** The same of reasoning. */
  reasoning: v.record(v.string(), countSchema),
  /** Calls of tools by their id: the input as far as it is written. */
  input: v.record(v.string(), v.string()),
});

/** How far an assistant's answer is. */
export const answerSchema = v.object({
  /** `streaming`: it grows. `stopped`: somebody had enough. `failed`: `error` says why. What there is of it stays, whichever it is. */
  status: v.fallback(v.picklist(['streaming', 'done', 'stopped', 'failed']), 'done'),
  /** The message that it answers. */
  to: v.string(),
  /** Which attempt it is: 1, 2, 3 … */
  run: countSchema,
  /** How many chunks of this attempt the parts hold: the next one has this number. */
  at: countSchema,
  /** Why it failed; `code` is one of the error codes. */
  error: v.nullable(v.object({ code: v.string(), message: v.string() })),
  /** While it grows. */
  open: v.optional(openPartsSchema),
  /** The ids of what was last done to its parts, the newest last; at most `MAX_KEPT_ACTIONS`. Absent where nothing was. */
  acts: v.optional(v.array(v.string())),
});

/** What one person thinks of an answer. */
export const ratingSchema = v.object({
  /** Null: nothing, or no longer. */
  value: v.nullable(v.picklist(['good', 'bad'])),
  /** In their words. */
  reason: v.nullable(v.pipe(v.string(), v.maxLength(MAX_REASON_LENGTH))),
});

export type Rating = v.InferOutput<typeof ratingSchema>;
export type AnswerChunk = v.InferOutput<typeof answerChunkSchema>;
export type OpenParts = v.InferOutput<typeof openPartsSchema>;
export type Answer = v.InferOutput<typeof answerSchema>;
