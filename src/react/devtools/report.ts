import type { ChatClient, ChatEventEntry } from '../../client/index.ts';
import { safeJson } from './safe-json.ts';
import { clockOffset } from './token-life.ts';

/** What to paste into an issue: state, claims and timeline as JSON. No token, and of the claims only who, which session and when. */
export function makeReport(client: ChatClient, entries: readonly ChatEventEntry[], now: number): string {
  const { status, token, error, renewals } = client.tokens.getSnapshot();
  const { sub, sid, iat, exp } = token?.claims ?? {};
  const connection = client.connection.get();
  return safeJson(
    {
      at: iso(now),
      userId: client.userId,
      status,
      error,
      renewals,
      held: token && {
        claims: token.claims && { sub, sid, iat, exp },
        issuedAt: iso(token.issuedAt),
        expiresAt: iso(token.expiresAt),
        serverClockAheadMs: clockOffset(token, client.events.get()),
      },
      connection: { ...connection, retryAt: connection.retryAt === null ? null : iso(connection.retryAt) },
      page: { online: navigator.onLine, visibility: document.visibilityState, userAgent: navigator.userAgent },
      events: entries.map(({ id, at, event }) => ({ id, at: iso(at), ...event })),
    },
    2,
  );
}

/** A token may live beyond what a date can hold. */
function iso(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString();
}
