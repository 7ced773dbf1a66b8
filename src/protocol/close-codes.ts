import type { ChatErrorCode } from './errors.ts';

/** What a client does when the socket closes with a code. */
export type CloseAction =
  /** Stay closed: coming back cannot help. */
  | 'stop'
  /** Get a new token and come back, at once the first time, then with backoff. */
  | 'renew'
  /** Come back with backoff. */
  | 'backoff';

interface CloseEntry {
  code: number;
  action: CloseAction;
  error: ChatErrorCode;
}

/**
 * Close codes by name, one registry for both halves. 4000–4099 stop, 4100–4199 get a new token and come back,
 * 4200–4299 back off and come back.
 */
export const CLOSE_CODES = {
  protocol_unsupported: { code: 4000, action: 'stop', error: 'bad_request' },
  frame_malformed: { code: 4001, action: 'stop', error: 'bad_request' },
  frame_too_large: { code: 4002, action: 'stop', error: 'bad_request' },
  auth_repeated: { code: 4003, action: 'stop', error: 'bad_request' },
  user_changed: { code: 4004, action: 'stop', error: 'user_mismatch' },
  signed_out: { code: 4005, action: 'stop', error: 'signed_out' },
  token_refused: { code: 4100, action: 'renew', error: 'token_invalid' },
  token_lapsed: { code: 4101, action: 'renew', error: 'token_expired' },
  auth_timeout: { code: 4102, action: 'renew', error: 'token_invalid' },
  too_slow: { code: 4200, action: 'backoff', error: 'connection_lost' },
  too_many_connections: { code: 4201, action: 'backoff', error: 'rate_limited' },
} as const satisfies Record<string, CloseEntry>;

export type CloseName = keyof typeof CLOSE_CODES;

const BY_CODE: ReadonlyMap<number, CloseEntry> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ Object.values(CLOSE_CODES).map((entry) => [entry.code, entry]),
);

/** What to do about any close code, a standard or an unknown one too. */
export function closeAction(code: number): CloseAction {
  const entry = BY_CODE.get(code);
  if (entry) return entry.action;
  if (code >= 4000 && code < 4100) return 'stop';
  if (code >= 4100 && code < 4200) return 'renew';
  // RFC 6455, 7.4.1: 1008 policy violation, 1009 message too big. Everything else is the network's or a restart's.
  return code === 1008 || code === 1009 ? 'stop' : 'backoff';
}

/** The error that explains a close code to a person. */
export function closeError(code: number): ChatErrorCode {
  return BY_CODE.get(code)?.error ?? 'connection_lost';
}
