/** The token half of a LatchKit server: needs only Web APIs and jose, so it runs on any runtime, an edge one too. */
export { createTokenEndpoint } from './createTokenEndpoint.ts';
export type { TokenEndpointOptions } from './createTokenEndpoint.ts';
export { createTokenVerifier } from './createTokenVerifier.ts';
export type { TokenVerifier, TokenVerifierOptions, VerifiedToken } from './createTokenVerifier.ts';
export type { RateLimit } from './RateLimiter.ts';
export type { Authenticate, AuthenticatedUser, Logger } from '../types.ts';
