/** What travels between a LatchKit client and server: frames, the message model, close codes, errors, limits. */
export type { Answer, AnswerChunk, OpenParts, Rating } from './answer.ts';
export { CLOSE_CODES, closeAction, closeError } from './close-codes.ts';
export type { CloseAction, CloseName } from './close-codes.ts';
export type { ClientFrame, ClientFrameType } from './client-frames.ts';
export { ChatError, ERROR_REGISTRY } from './errors.ts';
export type { ChatErrorCode, ChatErrorOptions, WireError } from './errors.ts';
export {
  MAX_ANSWER_BYTES,
  MAX_ATTEMPTS,
  MAX_EMOJI_LENGTH,
  MAX_EVENT_PEOPLE,
  MAX_FRAME_BYTES,
  MAX_ID_LENGTH,
  MAX_LINK_LENGTH,
  MAX_MEMBERS_INVITED,
  MAX_MENTION_LABEL,
  MAX_MENTIONS,
  MAX_PAGE_SIZE,
  MAX_PARTS,
  MAX_PEOPLE_FOUND,
  MAX_PINS,
  MAX_PREVIEWS,
  MAX_PRESENCES,
  MAX_QUERY_LENGTH,
  MAX_QUOTE_LENGTH,
  MAX_REACTION_USERS,
  MAX_REACTIONS,
  MAX_ACTION_DEPTH,
  MAX_ACTION_LENGTH,
  MAX_KEPT_ACTIONS,
  MAX_REASON_LENGTH,
  MAX_RECEIPTS,
  MAX_REPORTED,
  MAX_REPORTS_SHOWN,
  MAX_TEXT_LENGTH,
  MAX_TITLE_LENGTH,
  MAX_TYPING,
  MAX_UNREAD_COUNT,
  PROTOCOL_VERSION,
  TYPING_LIFE_MS,
} from './limits.ts';
export { ASSISTANT_IN_CHARGE, handoverAfter } from './handover.ts';
export { mentionsIn, mentionsOf, splitMentions } from './mentions.ts';
export type { MentionSpan } from './mentions.ts';
export type { Report, ReportedMessage, ReportReason } from './report.ts';
export { isBoundedJson } from './bounded-json.ts';
export { REQUEST_ANSWERS } from './request-answers.ts';
export type { RequestAnswers } from './request-answers.ts';
export type {
  ChatUser,
  FilePart,
  Handover,
  LinkPreview,
  Member,
  Attempt,
  Mention,
  Message,
  MessagePart,
  MessagePartInput,
  Quote,
  OwnThreadState,
  Presence,
  Reaction,
  Receipt,
  Role,
  SearchHit,
  TextPart,
  Thread,
  ThreadAccess,
  ThreadEvent,
  UploadLimits,
} from './message.ts';
export { quoteOf } from './quote.ts';
export {
  clientFrameSchema,
  memberSchema,
  messageSchema,
  partsSchema,
  serverFrameSchema,
  threadSchema,
  userSchema,
} from './schemas.ts';
export type {
  DataPart,
  DynamicToolPart,
  ReasoningPart,
  SourceDocumentPart,
  SourceUrlPart,
  StepStartPart,
  ToolPart,
  ToolState,
} from './parts.ts';
export type { ServerFrame, ServerFrameOf, ServerFrameType } from './server-frames.ts';
export { textOf } from './text-of.ts';
