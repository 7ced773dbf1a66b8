import { ChatError, type ChatUser, type Thread } from '../../protocol/index.ts';
import type { ChatAction } from '../types.ts';
import type { GatewayPorts } from './GatewayPorts.ts';

interface Actor {
  ports: GatewayPorts;
  user: ChatUser;
}

/**
 * The thread, if the person may do this to it now. Asked at every action, because a token says who somebody is and not what
 * they may do a minute later.
 * @throws {ChatError} `thread_not_found`, `thread_forbidden`
 */
export async function requireThread(actor: Actor, action: ChatAction, threadId: string): Promise<Thread> {
  const storage = await actor.ports.storage();
  const thread = await storage.getThread(threadId);
  if (!thread) throw new ChatError('thread_not_found', 'There is no such conversation.');
  const allowed =
    (await askApp(actor, action, threadId)) ??
    (thread.access === 'open' || (await storage.isMember(threadId, actor.user.id)));
  if (!allowed) throw new ChatError('thread_forbidden', 'You are not a member of this conversation.');
  return thread;
}

/** The app's own rule: true and false decide; undefined leaves it to the thread. */
export async function askApp(
  { ports, user }: Actor,
  action: ChatAction,
  threadId: string,
): Promise<boolean | undefined> {
  try {
    return await ports.authorize?.({ user, action, threadId });
  } catch (cause) {
    throw new ChatError('internal', 'authorize() threw, so the action was refused.', { cause });
  }
}
