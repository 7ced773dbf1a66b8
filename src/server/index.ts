/** A LatchKit server on Node: tokens, sockets and storage behind one function. */
export { createChatServer } from './createChatServer.ts';
export { createTokenEndpoint, createTokenVerifier } from './token/index.ts';
export type {
  TokenEndpointOptions,
  TokenVerifier,
  TokenVerifierOptions,
  VerifiedToken,
  RateLimit,
} from './token/index.ts';
export type {
  Authenticate,
  AuthenticatedUser,
  Authorize,
  ChatAction,
  ChatServer,
  ChatServerOptions,
  Logger,
  ThreadInput,
} from './types.ts';
