import { ChatError } from '../../protocol/index.ts';
import { CLOCK_TOLERANCE_SECONDS, isId, MAX_TTL_SECONDS } from './claims.ts';

/** After this the last token that a revocation is about has expired, whichever clock it was minted by. ms. */
const RETENTION_MS = (MAX_TTL_SECONDS + 2 * CLOCK_TOLERANCE_SECONDS) * 1000;

/**
 * What to take back: every token of one session, or a person's tokens of all sessions that were issued before a moment
 * (ms since 1970, default now). Takes effect for 15 minutes, the longest life of a token: end the session in the app's own
 * store as well, so that `authenticate` says no.
 */
export type Revocation =
  { sessionId: string; userId?: never; before?: never } | { userId: string; before?: number; sessionId?: never };

/** A revocation as it is kept and told to other nodes: plain data. */
export interface RevocationEntry {
  kind: 'session' | 'user';
  id: string;
  /** Tokens issued before this are refused, ms since 1970. Of a session: all. */
  before: number;
  /** When it can be forgotten, ms since 1970. */
  expiresAt: number;
}

/** Who a token is of, and when it was issued (ms since 1970). */
export interface TokenHolder {
  userId: string;
  sessionId: string;
  issuedAt: number;
}

/** Asked at each token: the part that a verifier needs. */
export interface Revocations {
  /** Tokens of this person and session that were issued before this moment (ms since 1970) are refused. 0: none are. */
  revokedBefore(holder: Pick<TokenHolder, 'userId' | 'sessionId'>): Promise<number>;
}

/** Revocations that this process keeps for itself. */
export interface MemoryRevocations extends Revocations {
  /** @throws {ChatError} `bad_request` */
  revoke(revocation: Revocation): void;
}

/** @throws {ChatError} `bad_request` naming what is wrong */
export function toRevocationEntry({ sessionId, userId, before }: Revocation, now: number): RevocationEntry {
  const expiresAt = now + RETENTION_MS;
  if ((sessionId === undefined) === (userId === undefined)) {
    throw badRequest('needs either a sessionId or a userId');
  }
  if (sessionId !== undefined) {
    if (!isId(sessionId)) throw badRequest('has a sessionId that is none: 1–128 characters without white space');
    return { kind: 'session', id: sessionId, before: Number.MAX_SAFE_INTEGER, expiresAt };
  }
  if (!isId(userId)) throw badRequest('has a userId that is none: 1–128 characters without white space');
  // A time to come would refuse tokens that are not issued yet, and with them the person who signs in again.
  if (before !== undefined && !(Number.isFinite(before) && before >= 0 && before <= now)) {
    throw badRequest('has a before that is no time in the past, in ms since 1970');
  }
  return { kind: 'user', id: userId, before: Math.ceil(before ?? now), expiresAt };
}

export function isRevokedBy(holder: TokenHolder, { kind, id, before }: Omit<RevocationEntry, 'expiresAt'>): boolean {
  return id === (kind === 'session' ? holder.sessionId : holder.userId) && holder.issuedAt < before;
}

/** @throws {ChatError} `auth_unavailable` when the revocations cannot be asked: then nobody is let in */
export async function isRevoked(revocations: Revocations, holder: TokenHolder): Promise<boolean> {
  try {
    return holder.issuedAt < (await revocations.revokedBefore(holder));
  } catch (cause) {
    throw new ChatError('auth_unavailable', 'It could not be found out whether a token was taken back.', { cause });
  }
}

/** Keeps revocations in this process's memory: for one node, and for tests. `createChatServer` keeps its own in its database. */
export function createMemoryRevocations({ now = Date.now }: { now?: () => number } = {}): MemoryRevocations {
  const entries = new Map<string, RevocationEntry>();
  const beforeOf = (kind: RevocationEntry['kind'], id: string) => {
    const entry = entries.get(`${kind} ${id}`);
    return entry !== undefined && entry.expiresAt > now() ? entry.before : 0;
  };
  return {
    revoke(revocation) {
      const entry = toRevocationEntry(revocation, now());
      for (const [key, { expiresAt }] of entries) if (expiresAt <= now()) entries.delete(key);
      const { kind, id, before } = entry;
      if (before >= beforeOf(kind, id)) entries.set(`${kind} ${id}`, entry);
    },
    revokedBefore: ({ userId, sessionId }) =>
      Promise.resolve(Math.max(beforeOf('user', userId), beforeOf('session', sessionId))),
  };
}

function badRequest(why: string): ChatError {
  return new ChatError('bad_request', `A revocation ${why}.`);
}
