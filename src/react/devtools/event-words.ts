import type { ConnectionStatusName, FetchReason } from '../../index.ts';
import type { ChatEvent } from '../../client/index.ts';
import type { ChatError } from '../../protocol/index.ts';
import { redact, safeJson } from './safe-json.ts';
import { span } from './words.ts';

/** One event as the timeline says it. */
export interface EventWords {
  tone: 'good' | 'bad' | 'plain';
  what: string;
  /** The error's code, to search for. */
  code?: string;
  /** What happened in more words, and what to do about it. */
  more?: string;
}

const ASKED: Record<FetchReason, string> = {
  initial: 'Asked for the first token',
  refresh: 'Asked for the renewal',
  rejected: 'Asked for another token',
};

const GOT: Record<FetchReason, string> = {
  initial: 'First token',
  refresh: 'Renewed',
  rejected: 'Replaced',
};

const FAILED: Record<FetchReason, string> = {
  initial: 'No token',
  refresh: 'Renewal failed',
  rejected: 'No other token',
};

const CONNECTION: Record<ConnectionStatusName, string> = {
  idle: 'Not connected',
  connecting: 'Connecting',
  connected: 'Connected',
  reconnecting: 'Connection lost, opening it again',
  offline: 'No network',
  closed: 'Connection closed',
};

export function eventWords(event: ChatEvent): EventWords {
  switch (event.type) {
    case 'fetch':
      return {
        tone: 'plain',
        what: event.attempt > 1 ? `${ASKED[event.reason]}, attempt ${event.attempt}` : ASKED[event.reason],
      };
    case 'token':
      return { tone: 'good', what: `${GOT[event.reason]}: good for ${span(event.lifetimeMs)}` };
    case 'adopted':
      return { tone: 'good', what: `Took another tab’s token: good for ${span(event.lifetimeMs)}` };
    case 'failure': {
      const next = event.retryInMs === null ? 'Not tried again.' : `Tried again in ${span(event.retryInMs)}.`;
      return { tone: 'bad', what: FAILED[event.reason], ...errorWords(event.error, next) };
    }
    case 'rejected':
      return { tone: 'bad', what: 'The server refused the token' };
    case 'signed-out':
      return { tone: 'plain', what: 'Signed out' };
    case 'connection':
      return {
        tone: event.status === 'connected' ? 'good' : event.error ? 'bad' : 'plain',
        what: CONNECTION[event.status],
        ...(event.error && errorWords(event.error)),
      };
    default:
      return unknownWords(event);
  }
}

export function errorWords(error: ChatError, next = ''): { code: string; more: string } {
  return { code: error.code, more: redact(`${error.message} ${error.remediation} ${next}`.trim()) };
}

/** An event of a client newer than these devtools: its name, and what it carries. */
function unknownWords(event: { type: string }): EventWords {
  const { type, ...rest } = event;
  const carries = Object.keys(rest).length > 0 ? safeJson(rest) : undefined;
  return { tone: 'plain', what: redact(type), more: carries };
}
