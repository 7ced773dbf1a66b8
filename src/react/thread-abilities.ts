import type { Role, Thread } from '../protocol/index.ts';

/** What the person may do about a conversation and those in it, as far as their role says. The server has the last word. */
export interface ThreadAbilities {
  rename: boolean;
  /** Come in, as a visitor of an open one. */
  join: boolean;
  leave: boolean;
  /** Delete it, for everybody. */
  remove: boolean;
  /** The roles that they may add people with; empty where they add nobody. */
  rolesToAdd: readonly Role[];
  /** Give those who are in it another role, and take them out. */
  manage: boolean;
}

const EVERY_ROLE: readonly Role[] = ['owner', 'agent', 'member', 'readonly'];

export function threadAbilitiesOf(thread: Pick<Thread, 'role' | 'access'> | null): ThreadAbilities {
  const role = thread?.role ?? null;
  return {
    rename: role === 'owner' || role === 'agent',
    join: role === null && thread?.access === 'open',
    leave: role !== null,
    remove: role === 'owner',
    rolesToAdd: role === 'owner' ? EVERY_ROLE : role === 'agent' ? ['member', 'readonly'] : [],
    manage: role === 'owner',
  };
}
