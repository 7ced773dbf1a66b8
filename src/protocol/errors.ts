/**
 * The one registry of error codes: what happened, whether trying again can help, the HTTP status where it travels by HTTP, and
 * the remedy in words. Wire frames, problem documents and thrown errors all take their entry from here.
 */
export const ERROR_REGISTRY = {
  // Getting a token
  unauthenticated: { status: 401, retryable: false, remediation: 'Sign in again.' },
  forbidden: { status: 403, retryable: false, remediation: 'Ask the owner of the app for access.' },
  auth_unavailable: {
    status: 503,
    retryable: true,
    remediation: 'The app’s sign-in could not be asked; it is tried again. Look at the server’s log for the cause.',
  },
  token_endpoint_unavailable: {
    status: 503,
    retryable: true,
    remediation: 'Check that the token endpoint is mounted and reachable; it is tried again.',
  },
  token_endpoint_timeout: {
    status: 504,
    retryable: true,
    remediation: 'The token endpoint did not answer in time; it is tried again.',
  },
  invalid_token_response: {
    status: 502,
    retryable: false,
    remediation:
      'Return a token string or { token, expires_in } from the token endpoint, never an HTML page or a redirect to one.',
  },
  token_ttl_too_short: { status: 500, retryable: false, remediation: 'Mint tokens that live for at least 5 seconds.' },
  token_not_rotated: {
    status: 401,
    retryable: false,
    remediation: 'The endpoint returned the very token that was refused; remove the cache before it.',
  },
  server_rejects_fresh_token: {
    status: 401,
    retryable: false,
    remediation: 'Check that the token endpoint and the chat server share secret, issuer and audience.',
  },
  user_mismatch: {
    status: 403,
    retryable: false,
    remediation: 'Pass the id of the signed-in person as userId, the same that authenticate() returns.',
  },
  signed_out: { status: 401, retryable: false, remediation: 'Sign in to go on.' },
  disposed: { status: 410, retryable: false, remediation: 'This client was closed; make a new one.' },
  // Asking the token endpoint wrongly
  method_not_allowed: { status: 405, retryable: false, remediation: 'Send a POST request.' },
  cross_site_refused: { status: 403, retryable: false, remediation: 'Add the page’s origin to allowedOrigins.' },
  unsupported_media_type: { status: 415, retryable: false, remediation: 'Send content-type: application/json.' },
  rate_limited: { status: 429, retryable: true, remediation: 'Wait for the time that the answer names.' },
  not_found: { status: 404, retryable: false, remediation: 'Check the address that the chat is mounted at.' },
  // Verifying a token
  token_invalid: { status: 401, retryable: false, remediation: 'Get a new token.' },
  token_expired: { status: 401, retryable: false, remediation: 'Get a new token.' },
  token_revoked: {
    status: 401,
    retryable: false,
    remediation: 'Get a new token; when that is refused, too, sign in again.',
  },
  token_too_large: {
    status: 401,
    retryable: false,
    remediation: 'Tokens over 4 KB are not read; keep personal data out of them.',
  },
  // Frames and actions
  bad_request: { status: 400, retryable: false, remediation: 'Send the frame as the protocol describes it.' },
  unknown_frame: { status: 400, retryable: false, remediation: 'Use a frame that this protocol version knows.' },
  thread_forbidden: { status: 403, retryable: false, remediation: 'Ask a member of the conversation to add you.' },
  thread_not_found: {
    status: 404,
    retryable: false,
    remediation: 'Check the thread’s id; the server must create it first.',
  },
  action_forbidden: {
    status: 403,
    retryable: false,
    remediation: 'Ask an owner of the conversation for a role that may do this.',
  },
  thread_conflict: {
    status: 409,
    retryable: false,
    remediation: 'The id belongs to another conversation; create it with a fresh id.',
  },
  last_owner: { status: 409, retryable: false, remediation: 'Make somebody else an owner first.' },
  message_not_found: { status: 404, retryable: false, remediation: 'The message is not there any more.' },
  system_message: {
    status: 409,
    retryable: false,
    remediation: 'What a conversation tells of itself cannot be changed, answered or sent; leave it as it is.',
  },
  attachment_not_found: { status: 404, retryable: false, remediation: 'Upload the file again.' },
  attachment_refused: { status: 422, retryable: false, remediation: 'Choose another file.' },
  attachment_too_large: { status: 413, retryable: false, remediation: 'Choose a smaller file.' },
  message_too_long: { status: 413, retryable: false, remediation: 'Shorten the message, or send it in two.' },
  message_empty: { status: 400, retryable: false, remediation: 'Write something first.' },
  message_conflict: {
    status: 409,
    retryable: false,
    remediation: 'The id belongs to another message; send with a fresh id.',
  },
  handover_taken: {
    status: 409,
    retryable: false,
    remediation: 'Let them go on, or ask them to hand it back.',
  },
  handover_active: {
    status: 409,
    retryable: false,
    remediation: 'Hand it back to the assistant first.',
  },
  // An assistant's answer
  answer_failed: { status: 502, retryable: true, remediation: 'Ask again; the server’s log has the cause.' },
  answer_invalid: {
    status: 502,
    retryable: true,
    remediation: 'Return a stream of UI message chunks from respond(); the server’s log says what came instead.',
  },
  answer_cut_off: {
    status: 502,
    retryable: true,
    remediation: 'Ask again; a stream from respond() ends with a finish chunk.',
  },
  answer_timeout: { status: 504, retryable: true, remediation: 'Ask again, or allow more by limits.answerMs.' },
  answer_too_long: { status: 413, retryable: true, remediation: 'Ask again for something shorter.' },
  answer_interrupted: { status: 503, retryable: true, remediation: 'The server was restarted meanwhile; ask again.' },
  answer_growing: { status: 409, retryable: false, remediation: 'Wait until the answer has ended, then do it again.' },
  connection_lost: { status: 503, retryable: true, remediation: 'The connection broke; it is opened again.' },
  request_timeout: {
    status: 504,
    retryable: true,
    remediation: 'The server did not answer in time; it is tried again.',
  },
  storage_unavailable: {
    status: 507,
    retryable: false,
    remediation: 'Free space on the device, or leave private browsing; what is unsent is sent while the page is open.',
  },
  internal: { status: 500, retryable: true, remediation: 'Look at the server’s log for the cause.' },
  // Starting up
  secret_missing: {
    status: 500,
    retryable: false,
    remediation: 'Make one with `npx latchkit secret` and pass it as secret.',
  },
  secret_too_short: {
    status: 500,
    retryable: false,
    remediation: 'Use at least 32 bytes: `npx latchkit secret` makes one.',
  },
  invalid_options: { status: 500, retryable: false, remediation: 'Correct the option that the message names.' },
  database_unavailable: {
    status: 503,
    retryable: true,
    remediation: 'Check that the database runs and that its address is right.',
  },
  database_damaged: {
    status: 500,
    retryable: false,
    remediation: 'Restore the database from a backup or name another file; nothing was deleted.',
  },
  database_newer: {
    status: 500,
    retryable: false,
    remediation: 'Run the newer version of LatchKit that wrote this database.',
  },
} as const satisfies Record<string, { status: number; retryable: boolean; remediation: string }>;

export type ChatErrorCode = keyof typeof ERROR_REGISTRY;

/** How an error travels in a frame or a problem document. */
export interface WireError {
  code: ChatErrorCode;
  message: string;
  retryable: boolean;
  /** Milliseconds to wait before trying again, when the sender knows. */
  retryAfterMs?: number;
}

export interface ChatErrorOptions {
  cause?: unknown;
  /** Milliseconds to wait before trying again, when the sender knows. */
  retryAfterMs?: number;
  /** Overrides the registry's HTTP status: the one that the other side answered with. */
  status?: number;
}

// Symbol.for, so that an error made by a second copy of the package in one page is still told apart.
const MARKER = Symbol.for('latchkit.ChatError');

/**
 * The only error LatchKit throws or reports. `code` is stable and part of the public surface; `message` is for people
 * and may change. Carries no token, and no personal data but the name in `handover_taken` of who answers.
 */
export class ChatError extends Error {
  override readonly name = 'ChatError';
  readonly code: ChatErrorCode;
  /** Whether the same call may succeed later without a change. */
  readonly retryable: boolean;
  /** HTTP status that fits, or that was received. */
  readonly status: number;
  /** What to do about it, in a sentence. */
  readonly remediation: string;
  readonly retryAfterMs: number | undefined;

  constructor(code: ChatErrorCode, message: string, options: ChatErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const entry = ERROR_REGISTRY[code];
    this.code = code;
    this.retryable = entry.retryable;
    this.status = options.status ?? entry.status;
    this.remediation = entry.remediation;
    this.retryAfterMs = options.retryAfterMs;
    Object.defineProperty(this, MARKER, { value: true });
  }

  /** Tells a ChatError from any other value, also one made by another copy of the package. */
  static is(value: unknown): value is ChatError {
    return typeof value === 'object' && value !== null && MARKER in value;
  }

  toWire(): WireError {
    const wire: WireError = { code: this.code, message: this.message, retryable: this.retryable };
    if (this.retryAfterMs !== undefined) wire.retryAfterMs = this.retryAfterMs;
    return wire;
  }

  /** The receiving half's error for a code from the wire; a code this version does not know becomes `internal`. */
  static fromWire(wire: { code: string; message: string; retryAfterMs?: number }): ChatError {
    const code: ChatErrorCode = Object.hasOwn(ERROR_REGISTRY, wire.code) ? (wire.code as ChatErrorCode) : 'internal';
    return new ChatError(code, wire.message, { retryAfterMs: wire.retryAfterMs });
  }
}
