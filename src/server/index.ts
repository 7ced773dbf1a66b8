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
  Authenticate,
  AuthenticatedUser,
  Authorize,
  ChatAction,
  ChatServer,
  ChatServerOptions,
  ChatServerSettings,
  Logger,
  ThreadInput,
} from './types.ts';
