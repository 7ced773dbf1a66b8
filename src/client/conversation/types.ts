import type { ChatError, Message, MessagePart, Thread } from '../../protocol/index.ts';

/** `sending`: not acknowledged yet, also while offline · `sent`: durable on the server · `failed`: refused; kept for retry or discard. */
export type DeliveryStatus = 'sending' | 'sent' | 'failed';

/** A message as a list shows it. The same object until something about it changes, so a memoised row stays as it is. */
export interface MessageEntry {
  message: Message;
  delivery: DeliveryStatus;
  /** Why it failed. */
  error: ChatError | null;
  /** Whether the person of this client wrote it. */
  mine: boolean;
}

/** `refused`: the server named a reason (`error`), e.g. that this thread may not be read. `error`: it could not be loaded; tried again on reconnect. */
export type ThreadStatus = 'loading' | 'ready' | 'refused' | 'error';

/** A thread as a window shows it. A new object per change; `messages` the same array unless one of them changed. */
export interface ThreadState {
  status: ThreadStatus;
  thread: Thread | null;
  /** Ascending: by `seq`, then those that the server has not numbered yet, in the order of sending. */
  messages: readonly MessageEntry[];
  hasOlder: boolean;
  loadingOlder: boolean;
  error: ChatError | null;
}

export interface ThreadListState {
  status: 'loading' | 'ready' | 'error';
  /** The latest first. */
  threads: readonly Thread[];
  error: ChatError | null;
}

/** One conversation. Live while somebody subscribes. */
export interface ThreadHandle {
  readonly id: string;
  get(): ThreadState;
  subscribe(listener: () => void): () => void;
  /**
   * Shows the message at once and sends it; returns its id. Waits while offline.
   * @throws {ChatError} `message_empty`, `message_too_long`: nothing was sent, keep the text
   */
  send(content: string | MessagePart[]): string;
  /** Sends a failed message once more, under its own id. */
  retry(messageId: string): void;
  /** Forgets a failed message. */
  discard(messageId: string): void;
  /** Reads the page before the first message. One at a time; nothing happens where there is none. */
  loadOlder(): Promise<void>;
  /** Reads the thread again after `error` or `refused`. */
  reload(): void;
}
