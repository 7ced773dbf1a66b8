import * as v from 'valibot';
import { MAX_REASON_LENGTH } from './limits.ts';
import { messageSchema, timeSchema, userSchema } from './message.ts';

/** What somebody thinks is wrong with a message. */
export const reportReasonSchema = v.picklist(['spam', 'abuse', 'private', 'other']);

/** One person's report of a message. */
const reportSchema = v.object({
  /** Who reported it. */
  user: userSchema,
  /** `private`: it shows what is nobody's business. A newer server may know of more: take what you do not know for `other`. */
  reason: v.fallback(reportReasonSchema, 'other'),
  /** In their words. */
  note: v.nullable(v.pipe(v.string(), v.maxLength(MAX_REASON_LENGTH))),
  /** When they last said so. */
  at: timeSchema,
});

/** A message that people reported, and that nobody has decided on yet. */
export const reportedMessageSchema = v.object({
  /** As it is now, its text cut short. */
  message: messageSchema,
  /** The last one first; at most `MAX_REPORTS_SHOWN`. */
  reports: v.array(reportSchema),
  /** How many people reported it. */
  count: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
});

export type ReportReason = v.InferOutput<typeof reportReasonSchema>;
export type Report = v.InferOutput<typeof reportSchema>;
export type ReportedMessage = v.InferOutput<typeof reportedMessageSchema>;
