import * as v from 'valibot';
import { MAX_REASON_LENGTH } from '../limits.ts';
import { idSchema } from '../message.ts';
import { reportReasonSchema, reportedMessageSchema } from '../report.ts';
import { requestIdSchema } from './common.ts';

/**
 * Tells those who watch over the thread, its owners and agents, that something is wrong with somebody else's message; once more, and it
 * stands in place of what one said before. Nobody else hears of it, its author neither. Answered by `request.done`.
 */
export const messageReportSchema = v.object({
  type: v.literal('message.report'),
  requestId: requestIdSchema,
  threadId: idSchema,
  messageId: idSchema,
  reason: reportReasonSchema,
  /** In the person's words, for those who decide. */
  note: v.optional(v.pipe(v.string(), v.maxLength(MAX_REASON_LENGTH))),
});

/** Asks for the reported messages of a thread that nobody has decided on. Answered by `report.listed`. */
export const reportListSchema = v.object({
  type: v.literal('report.list'),
  requestId: requestIdSchema,
  threadId: idSchema,
});

/**
 * Decides that a reported message stays: its reports so far are done with, and reporting it anew is possible. Answered by `request.done`,
 * also when there were none. To decide the other way, delete it.
 */
export const reportDismissSchema = v.object({
  type: v.literal('report.dismiss'),
  requestId: requestIdSchema,
  threadId: idSchema,
  messageId: idSchema,
});

/** Answers `report.list`: the last reported first, at most `MAX_REPORTED`, and as many as fit a frame. */
export const reportListedSchema = v.object({
  type: v.literal('report.listed'),
  requestId: requestIdSchema,
  reported: v.array(reportedMessageSchema),
  /** How many messages there are to decide on, those that are not listed too. */
  open: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

/** A message of a subscribed thread was reported, or decided on. Sent only to who may ask for the list. */
export const reportUpdatedSchema = v.object({
  type: v.literal('report.updated'),
  threadId: idSchema,
  /** How many messages there are to decide on. */
  open: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});
