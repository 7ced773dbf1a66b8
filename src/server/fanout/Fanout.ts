import type { Message, Thread } from '../../protocol/index.ts';
import type { RevocationEntry } from '../token/Revocations.ts';

/** What one part of the server tells the others, on this node or on all of them. Plain data: it may travel. */
export type FanoutEvent =
  | { type: 'message.created'; message: Message }
  /** A thread appeared or changed: its title, access, members or last message. */
  | { type: 'thread.updated'; thread: Thread }
  /** Who may read a thread has changed: whoever listens asks again. */
  | { type: 'access.changed'; threadId: string }
  /** Tokens were taken back: connections that stand on one end. */
  | { type: 'tokens.revoked'; revocation: RevocationEntry };

export type FanoutListener = (event: FanoutEvent) => void;

/**
 * Carries events to every node. May lose, repeat or reorder them: who listens compares `seq` and fills gaps from storage, so an
 * engine that promises no more than Redis' pub/sub fits.
 */
export interface Fanout {
  publish(topic: string, event: FanoutEvent): Promise<void>;
  /** Once it has resolved, every later event of the topic arrives. Returns what ends it. */
  subscribe(topic: string, listener: FanoutListener): Promise<() => void>;
  close(): Promise<void>;
}

/** The topics, named in one place. */
export const topics = {
  /** What happens within one thread. */
  thread: (threadId: string) => `thread:${threadId}`,
  /** Changes of threads that one person is a member of. */
  threadsOf: (userId: string) => `threads:user:${userId}`,
  /** Changes of threads that are open to everybody. */
  openThreads: 'threads:open',
  /** Tokens that were taken back. */
  revocations: 'revocations',
} as const;
