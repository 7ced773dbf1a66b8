import type { ChatError, ChatUser } from '../../protocol/index.ts';
import type { BackendSession } from '../backends/ChatBackend.ts';
import type { Clock } from '../clock.ts';

/** What the conversation stores see of their client. */
export interface Line {
  readonly clock: Clock;
  /** The open and connected session; null while there is none to ask. */
  readonly session: BackendSession | null;
  /** The person of this client, as far as known. */
  readonly me: ChatUser;
  /** Runs `fn` before the screen is drawn the next time: what comes many times a second is shown once. */
  frame(fn: () => void): void;
  /** Tells the app what went wrong out of anybody's call. */
  report(error: ChatError): void;
}
