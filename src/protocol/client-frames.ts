import * as v from 'valibot';
import {
  answerRateSchema,
  answerResumeSchema,
  answerRetrySchema,
  answerStopSchema,
  partActSchema,
  toolDecideSchema,
} from './frames/answers.ts';
import { attachmentLinkSchema } from './frames/attachments.ts';
import { authOpenSchema, authRenewSchema, pingSchema } from './frames/connection.ts';
import {
  presenceSubscribeSchema,
  presenceUnsubscribeSchema,
  receiptListSchema,
  receiptSendSchema,
  typingSendSchema,
} from './frames/live.ts';
import { memberListSchema, memberRemoveSchema, memberSaveSchema, peopleSearchSchema } from './frames/members.ts';
import {
  historyFetchSchema,
  messageDeleteSchema,
  messageEditSchema,
  messageSearchSchema,
  messageSendSchema,
  previewRemoveSchema,
  reactionAddSchema,
  reactionRemoveSchema,
} from './frames/messages.ts';
import { messagePinSchema, messageUnpinSchema, pinListSchema } from './frames/pins.ts';
import { replyListSchema } from './frames/replies.ts';
import {
  handoverCancelSchema,
  handoverRequestSchema,
  handoverReturnSchema,
  handoverTakeSchema,
  inboxListSchema,
} from './frames/handover.ts';
import { messageReportSchema, reportDismissSchema, reportListSchema } from './frames/reports.ts';
import {
  threadArchiveSchema,
  threadCreateSchema,
  threadFetchSchema,
  threadJoinSchema,
  threadLeaveSchema,
  threadListSchema,
  threadMuteSchema,
  threadRenameSchema,
  threadSubscribeSchema,
  threadUnarchiveSchema,
  threadUnmuteSchema,
  threadUnsubscribeSchema,
} from './frames/threads.ts';

/** Every frame a client may send. The server validates each and refuses an unknown type by name (`unknown_frame`). */
export const clientFrameSchema = v.variant('type', [
  authOpenSchema,
  authRenewSchema,
  threadListSchema,
  threadSubscribeSchema,
  threadUnsubscribeSchema,
  threadFetchSchema,
  threadCreateSchema,
  threadRenameSchema,
  threadJoinSchema,
  threadLeaveSchema,
  threadMuteSchema,
  threadUnmuteSchema,
  threadArchiveSchema,
  threadUnarchiveSchema,
  memberListSchema,
  memberSaveSchema,
  memberRemoveSchema,
  historyFetchSchema,
  messageSendSchema,
  messageEditSchema,
  messageDeleteSchema,
  messageSearchSchema,
  peopleSearchSchema,
  reactionAddSchema,
  reactionRemoveSchema,
  messagePinSchema,
  messageUnpinSchema,
  previewRemoveSchema,
  pinListSchema,
  messageReportSchema,
  reportListSchema,
  reportDismissSchema,
  handoverRequestSchema,
  handoverCancelSchema,
  handoverTakeSchema,
  handoverReturnSchema,
  inboxListSchema,
  replyListSchema,
  answerStopSchema,
  answerRetrySchema,
  answerResumeSchema,
  answerRateSchema,
  toolDecideSchema,
  partActSchema,
  receiptSendSchema,
  receiptListSchema,
  typingSendSchema,
  presenceSubscribeSchema,
  presenceUnsubscribeSchema,
  attachmentLinkSchema,
  pingSchema,
]);

export type ClientFrame = v.InferOutput<typeof clientFrameSchema>;
export type ClientFrameType = ClientFrame['type'];
