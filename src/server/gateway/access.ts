import { ChatError, type ChatUser, type Role, type ThreadAccess } from '../../protocol/index.ts';
import type { ChatStorage } from '../storage/ChatStorage.ts';
import type { AuthorizeContext, ChatAction } from '../types.ts';
import type { GatewayPorts } from './GatewayPorts.ts';
import { permits, standingOf } from './permissions.ts';

/** Who acts, and what may be asked about it. */
export interface Actor {
  ports: Pick<GatewayPorts, 'authorize'>;
  storage: Pick<ChatStorage, 'getAccess'>;
  user: ChatUser;
}

export type Target = Pick<AuthorizeContext, 'message' | 'member'>;

type WithoutUser<T> = T extends unknown ? Omit<T, 'user'> : never;
type Question = WithoutUser<AuthorizeContext>;

export interface Access {
  access: ThreadAccess;
  role: Role | null;
}

/**
 * What the person is in the thread, if they may do this to it now. Asked at every action, because a token says who somebody is
 * and not what they may do a minute later.
 * @throws {ChatError} `thread_not_found`; `thread_forbidden` for who may not even read it; `action_forbidden`
 */
export async function requireAccess(
  actor: Actor,
  action: ChatAction,
  threadId: string,
  target: Target = {},
): Promise<Access> {
  const access = existing(await actor.storage.getAccess(threadId, actor.user.id));
  // Without a rule of the app's there is nothing to wait for.
  if (actor.ports.authorize) await requireAction(actor, action, threadId, access, target);
  else decide(undefined, action, access, target);
  return access;
}

/** @throws {ChatError} `thread_not_found` */
export async function readAccess({ storage, user }: Actor, threadId: string): Promise<Access> {
  return existing(await storage.getAccess(threadId, user.id));
}

function existing(access: Access | null): Access {
  if (!access) throw new ChatError('thread_not_found', 'There is no such conversation.');
  return access;
}

/** @throws {ChatError} `thread_forbidden`, `action_forbidden` */
export async function requireAction(
  actor: Actor,
  action: ChatAction,
  threadId: string,
  access: Access,
  target: Target = {},
): Promise<void> {
  const verdict = await askApp(actor, { action, threadId, role: access.role, ...target } as Question);
  decide(verdict, action, access, target);
}

function decide(verdict: boolean | undefined, action: ChatAction, access: Access, target: Target): void {
  const standing = standingOf(access);
  if (verdict ?? permits(standing, action, target.member?.role)) return;
  if (action === 'thread.read' || standing === 'stranger') {
    throw new ChatError('thread_forbidden', 'You are not a member of this conversation.');
  }
  throw new ChatError('action_forbidden', 'You may not do this in this conversation.');
}

/** The app's own rule: true and false decide; undefined leaves it to the roles. */
export async function askApp(
  { ports, user }: Pick<Actor, 'ports' | 'user'>,
  question: Question,
): Promise<boolean | undefined> {
  try {
    return await ports.authorize?.({ user, ...question });
  } catch (cause) {
    throw new ChatError('internal', 'authorize() threw, so the action was refused.', { cause });
  }
}
