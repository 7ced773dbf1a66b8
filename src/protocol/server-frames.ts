import * as v from 'valibot';
import { answerRatedSchema, answerResumedSchema, answerStreamedSchema } from './frames/answers.ts';
import { attachmentLinkedSchema } from './frames/attachments.ts';
import {
  authAcceptedSchema,
  authExpiringSchema,
  authRenewedSchema,
  pongSchema,
  requestDoneSchema,
  requestRefusedSchema,
} from './frames/connection.ts';
import {
  presenceListedSchema,
  presenceUpdatedSchema,
  receiptListedSchema,
  receiptUpdatedSchema,
  typingUpdatedSchema,
} from './frames/live.ts';
import {
  memberListedSchema,
  memberRemovedSchema,
  memberSavedSchema,
  memberUpdatedSchema,
  peopleFoundSchema,
} from './frames/members.ts';
import {
  historyPageSchema,
  messageAcceptedSchema,
  messageCreatedSchema,
  messageFoundSchema,
  messageSavedSchema,
  messageUpdatedSchema,
} from './frames/messages.ts';
import { pinListedSchema } from './frames/pins.ts';
import { replyListedSchema } from './frames/replies.ts';
import { inboxUpdatedSchema } from './frames/handover.ts';
import { reportListedSchema, reportUpdatedSchema } from './frames/reports.ts';
import {
  threadListedSchema,
  threadRemovedSchema,
  threadSavedSchema,
  threadSubscribedSchema,
  threadUpdatedSchema,
} from './frames/threads.ts';

/** Every frame a server may send. A client ignores the types that it does not know. */
export const serverFrameSchema = v.variant('type', [
  authAcceptedSchema,
  authRenewedSchema,
  authExpiringSchema,
  threadListedSchema,
  threadSavedSchema,
  threadSubscribedSchema,
  memberListedSchema,
  memberSavedSchema,
  requestDoneSchema,
  historyPageSchema,
  messageAcceptedSchema,
  messageSavedSchema,
  messageFoundSchema,
  peopleFoundSchema,
  replyListedSchema,
  pinListedSchema,
  reportListedSchema,
  reportUpdatedSchema,
  inboxUpdatedSchema,
  receiptListedSchema,
  presenceListedSchema,
  presenceUpdatedSchema,
  attachmentLinkedSchema,
  messageCreatedSchema,
  messageUpdatedSchema,
  answerStreamedSchema,
  answerResumedSchema,
  answerRatedSchema,
  memberUpdatedSchema,
  memberRemovedSchema,
  receiptUpdatedSchema,
  typingUpdatedSchema,
  threadUpdatedSchema,
  threadRemovedSchema,
  requestRefusedSchema,
  pongSchema,
]);

export type ServerFrame = v.InferOutput<typeof serverFrameSchema>;
export type ServerFrameType = ServerFrame['type'];
export type ServerFrameOf<T extends ServerFrameType> = Extract<ServerFrame, { type: T }>;
