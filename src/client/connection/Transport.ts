import type { ChatError, ClientFrame } from '../../protocol/index.ts';
import type { ChatToken } from '../auth/ChatToken.ts';

/** How a line ended. */
export interface LineEnd {
  /** One of LatchKit's close codes or of RFC 6455's, also where no socket was closed. 1006: lost without a word. */
  code: number;
  reason: string;
  /** What the server said, where it said more than a code. */
  error?: ChatError;
}

export interface LineHandlers {
  /** A server's frame, as it came: JSON text, if all is well. */
  onFrame(data: string): void;
  /** A sign of life that is no frame. */
  onAlive(): void;
  /** It is over: called at most once, and nothing after it. Not called after `close()`. */
  onEnd(end: LineEnd): void;
}

/** One attempt, and the connection that may come of it. */
export interface TransportLine {
  /** Called only after the server's first frame. Keeps the order. */
  send(frame: ClientFrame): void;
  /** Hangs up in this very tick. Nothing is heard afterwards, and what was not sent yet is dropped. */
  close(code: number): void;
}

/** How frames get to the server and back. */
export interface Transport {
  /**
   * Begins an attempt: presents the token, and hands on the server's frames, of which `auth.accepted` is the first. `token` answers
   * with the newest one for as long as the line lives.
   * @throws {ChatError} where no attempt can ever succeed: `invalid_options`
   */
  open(handlers: LineHandlers, token: () => ChatToken): TransportLine;
  /** True while there is another way that was not tried yet, so that the next attempt need not wait. */
  readonly hasUntriedWay?: boolean;
}

/** The client hangs up because the other side did not answer in time (IANA registry of close codes: 3008). */
export const UNANSWERED = 3008;

/** Whether the server itself ended the line, and said why: another way to it would change nothing. */
export function isServersWord({ code }: LineEnd): boolean {
  return (code >= 4000 && code < 4300) || code === 1012 || code === 1013 || code === 1008;
}
