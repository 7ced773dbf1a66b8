import type { ChatUser, Handover, Thread } from '../../protocol/index.ts';

/** A thread waits for a person. */
export interface HandoverNews {
  threadId: string;
  /** As it is now, and nobody's role in particular. */
  thread: Omit<Thread, 'role' | 'own'>;
  /** Who asked for a person, or for whom the assistant did. */
  user: ChatUser;
  /** Why, in the words of who asked. */
  reason: string | null;
  /** `requested`: somebody asked. `agent-gone`: who answered left the thread or was taken out of it, so that it waits again. */
  cause: 'requested' | 'agent-gone';
}

export type OnHandover = (news: HandoverNews) => Promise<void> | void;

/** A request for a person by the server's own code. */
export interface HandOverOptions {
  /** Why, for whoever takes it; everybody in the thread can read it. At most 1,000 characters. */
  reason?: string;
  /** Who asks, by id: the conversation tells of it as theirs. Default: the assistant, of itself. */
  by?: string;
}

export interface HandBackOptions {
  /** Whose doing it is, by id. Default: the assistant’s. */
  by?: string;
}

/** Asks for a person: what `respond` is given, for a tool of the model's, say. */
export type HandOver = (options?: Pick<HandOverOptions, 'reason'>) => Promise<Handover>;
