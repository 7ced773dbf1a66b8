import { useChatContext } from '../../ChatContext.ts';
import { useChatConnection } from '../../hooks/useChatConnection.ts';
import { useThread } from '../../hooks/useThread.ts';

/** Why nothing can be written to a thread, in words; else null. Being offline is no reason: what is sent waits. */
export function useBlocked(threadId: string): string | null {
  const { client, strings } = useChatContext('<MessageComposer>');
  const { status, thread } = useThread(threadId);
  const connection = useChatConnection();
  if (!client || (connection.status === 'closed' && connection.error === null)) return strings.writeSignedOut;
  if (status === 'refused') return strings.writeRefused;
  if (thread?.role === 'readonly') return strings.writeReadonly;
  return connection.status === 'closed' ? strings.connectionClosed : null;
}
