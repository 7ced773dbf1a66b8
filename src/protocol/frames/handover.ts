import * as v from 'valibot';
import { MAX_REASON_LENGTH } from '../limits.ts';
import { idSchema, threadSchema } from '../message.ts';
import { cursorSchema, requestIdSchema } from './common.ts';

const handoverFields = { requestId: requestIdSchema, threadId: idSchema };

/**
 * Asks for a person in place of the assistant, which falls silent until it is handed back to. Changes nothing where somebody waits or answers
 * already. Everybody in the thread sees it, by a system message. Answered by `thread.saved`.
 */
export const handoverRequestSchema = v.object({
  type: v.literal('handover.request'),
  ...handoverFields,
  /** What it is about, for whoever takes it; everybody in the thread can read it. */
  reason: v.optional(v.pipe(v.string(), v.maxLength(MAX_REASON_LENGTH))),
});

/**
 * Takes one's own request for a person back, or what the assistant asked for oneself: it answers again. Changes nothing where nobody waits, so that it comes too late
 * once somebody has taken it. Answered by `thread.saved`.
 */
export const handoverCancelSchema = v.object({ type: v.literal('handover.cancel'), ...handoverFields });

/**
 * Answers in place of the assistant from now on; an answer that grows is stopped. Who was less becomes an `agent` of the thread. Of two at once
 * one gets it, the other is refused (`handover_taken`). Answered by `thread.saved`.
 */
export const handoverTakeSchema = v.object({ type: v.literal('handover.take'), ...handoverFields });

/** Lets the assistant answer again, from the next message on. Changes nothing where it does. Answered by `thread.saved`. */
export const handoverReturnSchema = v.object({ type: v.literal('handover.return'), ...handoverFields });

/**
 * Asks for a page of the threads that wait for a person, or of those in which the person who asks is the one, those first that have been so the
 * longest. Answered by `thread.listed`; from the first page on, `inbox.updated` follows for each change of either kind.
 */
export const inboxListSchema = v.object({
  type: v.literal('inbox.list'),
  requestId: requestIdSchema,
  /** `waiting`: those that wait. `mine`: those that the person answers in. */
  of: v.picklist(['waiting', 'mine']),
  /** Goes on in the list that it came from. */
  cursor: v.optional(cursorSchema),
});

/** A thread came into the person's inbox, is another one there, or is in it no longer. Sent once `inbox.list` was asked. */
export const inboxUpdatedSchema = v.object({
  type: v.literal('inbox.updated'),
  threadId: idSchema,
  /** Its `handover` says in which of the two lists; null: in none, since the assistant answers, or somebody else. */
  thread: v.nullable(threadSchema),
});
