import { useCallback, useMemo } from 'react';
import type { ChatUser } from '../../protocol/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { useReadable } from './useReadable.ts';

const NOBODY: readonly ChatUser[] = [];

export interface TypingNotice {
  /**
   * Call it at every change of a text, with `false` once it is empty. The others are told at once and every 3 s, and that it is over when
   * the message is sent or nothing was written for 5 s. Stable; does nothing without a connection.
   */
  notify: (active?: boolean) => void;
}

export interface TypingResult extends TypingNotice {
  /** The others who write at this moment, those who began first first. */
  users: readonly ChatUser[];
}

/** For what only writes: it does not render when somebody else does. */
export function useTypingNotice(threadId: string): TypingNotice {
  const { client } = useChatContext('useTyping()');
  const notify = useCallback((active?: boolean) => client?.thread(threadId).typing.notify(active), [client, threadId]);
  return useMemo(() => ({ notify }), [notify]);
}

/**
 * Who writes in a conversation at this moment, oneself left out, and how to say that one does. It is never stored, told only to whoever
 * has the conversation open, and lapses by itself.
 */
export function useTyping(threadId: string): TypingResult {
  const { client } = useChatContext('useTyping()');
  const { notify } = useTypingNotice(threadId);
  const handle = useMemo(() => client?.thread(threadId).typing ?? null, [client, threadId]);
  const users = useReadable(handle, NOBODY, NOBODY);
  return useMemo(() => ({ users, notify }), [users, notify]);
}
