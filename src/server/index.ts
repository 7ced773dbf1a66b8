/** A LatchKit server on Node: tokens, sockets and storage behind one function. */
export { createChatServer } from './createChatServer.ts';
export { createJwksHandler, createTokenEndpoint, createTokenVerifier } from './token/index.ts';
export type {
  Revocation,
  Secret,
  SigningKey,
  SigningOptions,
  TokenEndpointOptions,
  TokenKeySet,
  TokenVerifier,
  TokenVerifierOptions,
  VerifiedToken,
  VerifyingKeySet,
  RateLimit,
} from './token/index.ts';
export type {
  AnswerStream,
  Assistant,
  HistoryMessage,
  OnAction,
  OnRating,
  PartActionContext,
  RatedAnswer,
  Respond,
  RespondContext,
  RespondTo,
} from './answers/types.ts';
export type { AttachmentOptions, S3Settings, ScannedFile, ScanVerdict } from './attachments/options.ts';
export type { HandBackOptions, HandOver, HandOverOptions, HandoverNews, OnHandover } from './handover/types.ts';
export type { ChatLimits } from './gateway/limits.ts';
export type { LinkPreviewOptions } from './previews/options.ts';
export type { MetricsOptions } from './observability/MetricsOptions.ts';
export type {
  Authenticate,
  AuthenticatedUser,
  Authorize,
  AuthorizeContext,
  ChatAction,
  ChatServer,
  ChatServerOptions,
  ChatServerSettings,
  FoundPerson,
  Logger,
  MemberOptions,
  MessageReport,
  OnReport,
  SearchPeople,
  ServerThread,
  ServerThreads,
  ThreadInput,
  ThreadPage,
} from './types.ts';
