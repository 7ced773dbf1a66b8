import type { Role, ServerFrameOf, Thread } from '../../protocol/index.ts';
import type { RevocationEntry } from '../token/Revocations.ts';

/**
 * An open thread as somebody sees it who is no member, with everybody who is one: each listener makes its own of it. Members' threads
 * go to each member's topic as the `thread.updated` that they are to get.
 */
export interface OpenThreadUpdated {
  type: 'open-thread.updated';
  thread: Thread;
  /** By person. */
  roles: Record<string, Role>;
}

/** A thread that is handed over, or was until now, as somebody sees it who is no member, with everybody who is one. */
export interface InboxChanged {
  type: 'inbox.changed';
  thread: Thread;
  /** By person. */
  roles: Record<string, Role>;
}

/**
 * What one part of the server tells the others, on this node or on all of them. Plain data: it may travel. What is shaped like a
 * frame is sent on as the frame that it is, the same object to everybody, so that it is written as JSON once.
 */
export type FanoutEvent =
  | ServerFrameOf<
      | 'answer.streamed'
      | 'message.created'
      | 'message.updated'
      | 'member.updated'
      | 'member.removed'
      | 'thread.updated'
      | 'receipt.updated'
      | 'report.updated'
      | 'typing.updated'
    >
  | OpenThreadUpdated
  | InboxChanged
  /** A thread is gone, and with it from every inbox. */
  | { type: 'inbox.removed'; threadId: string }
  /** Who may read a thread has changed, for everybody or only for `userId`: whom it concerns asks again. */
  | { type: 'access.changed'; threadId: string; userId: string | null }
  /** A node wants to know of these people. Every node at which one of them is answers by `presence.told`. */
  | { type: 'presence.asked'; userIds: string[] }
  /** Somebody is at a node, or is there no longer and was last at `lastSeenAt`; said `at`, by that node's clock. Both in ms since 1970. */
  | { type: 'presence.told'; userId: string; nodeId: string; lastSeenAt: number | null; at: number }
  /** Tokens were taken back: connections that stand on one end. */
  | { type: 'tokens.revoked'; revocation: RevocationEntry };

export type FanoutListener = (event: FanoutEvent) => void;

/**
 * Carries events to every node. May lose, repeat or reorder them: who listens compares `version` and fills gaps from storage, so an
 * engine that promises no more than Redis' pub/sub fits.
 */
export interface Fanout {
  publish(topic: string, event: FanoutEvent): Promise<void>;
  /** Once it has resolved, every later event of the topic arrives. Returns what ends it. */
  subscribe(topic: string, listener: FanoutListener): Promise<() => void>;
  /** False only when certainly nobody listens to the topic, on any node: what would be said need not be found out then. */
  mayBeHeard?(topic: string): boolean;
  close(): Promise<void>;
}

/** The topics, named in one place. */
export const topics = {
  /** What happens within one thread. */
  thread: (threadId: string) => `thread:${threadId}`,
  /** Changes of threads that one person is a member of. */
  threadsOf: (userId: string) => `threads:user:${userId}`,
  /** Changes of threads that are open to everybody: who has a list of conversations open listens to it. */
  openThreads: 'threads:open',
  /** Questions about who is here: every node with people listens. */
  presence: 'presence',
  /** Threads that wait for a person, or that one answers in: who has an inbox open listens. */
  inbox: 'inbox',
  /** Whether one person is here. */
  presenceOf: (userId: string) => `presence:${userId}`,
  /** Tokens that were taken back. */
  revocations: 'revocations',
} as const;
