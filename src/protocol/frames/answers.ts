import * as v from 'valibot';
import { answerChunkSchema, ratingSchema } from '../answer.ts';
import { isBoundedJson } from '../bounded-json.ts';
import { MAX_ACTION_DEPTH, MAX_ACTION_LENGTH, MAX_REASON_LENGTH } from '../limits.ts';
import { idSchema, messageSchema, seqSchema } from '../message.ts';
import { requestIdSchema } from './common.ts';

const answerFields = {
  requestId: requestIdSchema,
  threadId: idSchema,
  messageId: idSchema,
};

/** Ends an answer that grows: what there is of it stays. Leaving does not. Answered by `message.saved`, also when it had ended before. */
export const answerStopSchema = v.object({ type: v.literal('answer.stop'), ...answerFields });

/** Has an answer that ended given anew, in its place. Answered by `message.saved`, also when it grows already. */
export const answerRetrySchema = v.object({ type: v.literal('answer.retry'), ...answerFields });

/** Asks for a growing answer as it is now: a chunk of it was missed. Answered by `answer.resumed`. */
export const answerResumeSchema = v.object({ type: v.literal('answer.resume'), ...answerFields });

/**
 * Says what the person thinks of an answer: the app hears of it, and nobody else in the thread. Without `rating` it asks what they said before.
 * Answered by `answer.rated`.
 */
export const answerRateSchema = v.object({
  type: v.literal('answer.rate'),
  ...answerFields,
  /** What the person thinks of it from now on. */
  rating: v.optional(ratingSchema),
});

/** Says whether a tool may run that an answer asks for. Once every question of the answer is decided, it goes on. Answered by `message.saved`. */
export const toolDecideSchema = v.object({
  type: v.literal('tool.decide'),
  ...answerFields,
  /** `approval.id` of the tool's part. */
  approvalId: v.pipe(v.string(), v.nonEmpty(), v.maxLength(512)),
  approved: v.boolean(),
  /** For the assistant, in the person's words. */
  reason: v.optional(v.pipe(v.string(), v.maxLength(MAX_REASON_LENGTH))),
});

/**
 * Tells what a person did to a `data-` part that an answer shows: pressed, chose, filled in. The app hears of it (`onAction`), and the answer
 * goes on with what comes of it. Answered by `message.saved` once it is stored that it was done, also when it was before; refused as
 * `answer_growing` while the answer grows.
 */
export const partActSchema = v.object({
  type: v.literal('part.act'),
  ...answerFields,
  /** `id` of the part. */
  partId: v.pipe(v.string(), v.nonEmpty(), v.maxLength(512)),
  /** UUIDv7 made by the client: under the same one it is done once. */
  actionId: idSchema,
  /** In the app's own words: any JSON of at most `MAX_ACTION_LENGTH`, no deeper than `MAX_ACTION_DEPTH`. */
  data: v.pipe(
    v.unknown(),
    v.check((data) => isBoundedJson(data, { length: MAX_ACTION_LENGTH, depth: MAX_ACTION_DEPTH })),
  ),
});

/** Answers `answer.resume`: the message with its parts so far, where `answer.at` says what comes next. */
export const answerResumedSchema = v.object({
  type: v.literal('answer.resumed'),
  requestId: requestIdSchema,
  message: messageSchema,
});

/** Answers `answer.rate`: what the person thinks of the answer from now on. */
export const answerRatedSchema = v.object({
  type: v.literal('answer.rated'),
  requestId: requestIdSchema,
  /** Both null where they said nothing. */
  rating: ratingSchema,
});

/**
 * An answer in a subscribed thread grew: several chunks at once, numbered without a gap within one attempt. They take no place in the
 * thread's log; the finished answer does, as `message.updated`. A gap is mended by `answer.resume`.
 */
export const answerStreamedSchema = v.object({
  type: v.literal('answer.streamed'),
  threadId: idSchema,
  messageId: idSchema,
  /** Which attempt, as in the message. */
  run: seqSchema,
  /** The number of the first chunk; a retry begins at 0. */
  at: seqSchema,
  /** As the AI SDK's UI Message Stream (version 1) has them. */
  chunks: v.array(answerChunkSchema),
});
