import type { ChatError, ChatUser } from '../../../protocol/index.ts';
import type { BackendEvent, Clock } from '../../index.ts';
import type { AuthorizedFetch } from './authorizedFetch.ts';
import type { TurnPort } from './TurnPort.ts';

/** What a conversation needs of the session that it is in. */
export interface ThreadHost {
  readonly port: TurnPort;
  readonly clock: Clock;
  readonly me: ChatUser;
  readonly fetch: AuthorizedFetch;
  /** Aborts when the session is closed. */
  readonly signal: AbortSignal;
  readonly silenceMs: number;
  emit(event: BackendEvent): void;
  /** The conversation itself is another now. */
  changed(threadId: string): void;
  /** A call failed: the session may end by it. Returns what the caller is to be told. */
  failed(thrown: unknown): ChatError;
}
