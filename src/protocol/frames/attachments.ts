import * as v from 'valibot';
import { idSchema } from '../message.ts';
import { requestIdSchema } from './common.ts';

/** Asks for the next link to a file whose link has lapsed. Answered by `attachment.linked`. */
export const attachmentLinkSchema = v.object({
  type: v.literal('attachment.link'),
  requestId: requestIdSchema,
  threadId: idSchema,
  attachmentId: idSchema,
});

/** Answers `attachment.link`. */
export const attachmentLinkedSchema = v.object({
  type: v.literal('attachment.linked'),
  requestId: requestIdSchema,
  url: v.string(),
  urlExpiresAt: v.number(),
});
