import { ChatError, type ChatUser, type ClientFrame, type ServerFrame, type Thread } from '../../protocol/index.ts';
import type { ChatStorage } from '../storage/ChatStorage.ts';
import type { GatewayPorts } from './GatewayPorts.ts';
import { toWireThread, type ThreadView } from './wire.ts';

/** The frames that a session answers; the connection keeps the others to itself. */
export type SessionFrame = Exclude<ClientFrame, { type: 'auth.open' | 'auth.renew' | 'ping' }>;
export type FrameOf<T extends SessionFrame['type']> = Extract<SessionFrame, { type: T }>;

/** What the parts of a session share: who it is, what they stand on, and the way back to the client. */
export interface SessionContext {
  readonly user: ChatUser;
  readonly ports: GatewayPorts;
  readonly storage: ChatStorage;
  readonly send: (frame: ServerFrame) => void;
  /** What was missed cannot be caught up with: the client is to come again. */
  readonly onBroken: (error: unknown) => void;
}

const isNot = () => false;

/** What decides how this server's threads go out. */
export function viewOf({ attachments, handovers }: Pick<GatewayPorts, 'attachments' | 'handovers'>): ThreadView {
  return { attachments, isAssisted: handovers?.isAssisted ?? isNot };
}

export function sourceOf({ ports, storage }: SessionContext) {
  return { storage, fanout: ports.fanout, ...viewOf(ports) };
}

/** Tells the others of what is stored: the person who did it was answered by then, so that a failure here is only the log's. */
export async function tell(
  context: SessionContext,
  work: (source: ReturnType<typeof sourceOf>) => Promise<void>,
): Promise<void> {
  try {
    await work(sourceOf(context));
  } catch (cause) {
    reportUntold(context, cause);
  }
}

export function reportUntold({ ports }: SessionContext, cause: unknown): void {
  ports.logger.error('A stored change could not be announced; clients get it when they come back.', { cause });
}

/** The thread as this person sees it. */
export async function readOwnThread(
  { user, ports }: { user: ChatUser; ports: Pick<GatewayPorts, 'attachments' | 'handovers'> },
  storage: ChatStorage,
  threadId: string,
): Promise<Thread> {
  const thread = await storage.getThread(threadId, user.id);
  if (!thread) throw new ChatError('thread_not_found', 'There is no such conversation.');
  return toWireThread(thread, viewOf(ports));
}
