import type { Message, MessagePart, Thread } from '../../protocol/index.ts';
import type { TokenManager } from '../auth/types.ts';
import type { Clock } from '../clock.ts';
import type { ConnectionState } from '../connection/ConnectionState.ts';

/** What happens on the far side without being asked for. */
export type BackendEvent =
  /** A message was stored: somebody's new one, or the echo of one's own. */
  | { type: 'message.created'; message: Message }
  /** A conversation appeared or changed: title, access, last message. */
  | { type: 'thread.updated'; thread: Thread }
  /** The connection is there again after a loss: opened threads are to be opened once more, from where they were. */
  | { type: 'reconnected' };

/** What a thread holds when it is opened. */
export interface ThreadPage {
  thread: Thread;
  /** In ascending `seq`. */
  messages: Message[];
  hasOlder: boolean;
  /** True when `messages` does not join what came before `afterSeq`: the old page is to be dropped. */
  gap: boolean;
}

export interface HistoryPage {
  /** In ascending `seq`. */
  messages: Message[];
  hasOlder: boolean;
}

/** What a backend is given when it is opened, for one person. */
export interface BackendContext {
  userId: string;
  /** Asked before each attempt; never kept. */
  tokens: TokenManager;
  clock: Clock;
  onState(state: ConnectionState): void;
  onEvent(event: BackendEvent): void;
}

/** One person's open line to a backend. Every call rejects with a `ChatError`. */
export interface BackendSession {
  listThreads(): Promise<Thread[]>;
  /** Reads a thread's newest page, or what came after `afterSeq`, and begins its live events. */
  openThread(threadId: string, options?: { afterSeq?: number }): Promise<ThreadPage>;
  /** Ends a thread's live events. */
  closeThread(threadId: string): void;
  loadOlder(threadId: string, options: { beforeSeq: number; limit: number }): Promise<HistoryPage>;
  /** Resolves once the message is durable. Sending the same `messageId` again stores it once. */
  sendMessage(message: { threadId: string; messageId: string; parts: MessagePart[] }): Promise<Message>;
  /** Tries at once, skipping a wait. */
  reconnect(): void;
  /** Closes for good; what is pending rejects. */
  close(): void;
}

/** Where conversations live: a LatchKit server, or anything that these methods can be written for. */
export interface ChatBackend {
  open(context: BackendContext): BackendSession;
}
