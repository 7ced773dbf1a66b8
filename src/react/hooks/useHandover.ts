import { useMemo } from 'react';
import type { Handover } from '../../protocol/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { SIGNED_OUT_ERROR } from './initial-states.ts';
import { useThread } from './useThread.ts';

export interface HandoverAbilities {
  /** Ask for a person: while the assistant answers. */
  request: boolean;
  /** Take that back: one's own request, or the assistant's for oneself. */
  cancel: boolean;
  /** Answer in place of the assistant. */
  take: boolean;
  /** Let the assistant answer again. */
  handBack: boolean;
}

export interface HandoverResult extends HandoverActions {
  /** Who answers; null until the conversation was read, and where there is no assistant. */
  handover: Handover | null;
  /** What this person may do about it now, as far as their role says. The server has the last word. */
  can: HandoverAbilities;
}

interface HandoverActions {
  /**
   * Asks for a person in place of the assistant. These four wait for no connection, are shown once the server has said so, and reject with a
   * `ChatError`: `action_forbidden`, `connection_lost` …
   * @param reason for whoever takes it; everybody in the conversation can read it
   */
  request: (reason?: string) => Promise<void>;
  cancel: () => Promise<void>;
  /** Rejects with `handover_taken` where somebody else was quicker. */
  take: () => Promise<void>;
  handBack: () => Promise<void>;
}

/** Who answers in a conversation, the assistant or a person, and how that is changed. Live while a component uses it. */
export function useHandover(threadId: string): HandoverResult {
  const { client, userId } = useChatContext('useHandover()');
  const { thread } = useThread(threadId);
  const actions = useMemo((): HandoverActions => {
    const handle = client?.thread(threadId);
    const refused = () => Promise.reject(SIGNED_OUT_ERROR);
    return {
      request: (reason) => handle?.handOver('request', reason) ?? refused(),
      cancel: () => handle?.handOver('cancel') ?? refused(),
      take: () => handle?.handOver('take') ?? refused(),
      handBack: () => handle?.handOver('return') ?? refused(),
    };
  }, [client, threadId]);
  return useMemo(() => {
    const handover = (client?.can('handOver') && thread?.handover) || null;
    const role = thread?.role;
    const state = handover?.state;
    const isOwn = state === 'waiting' && handover?.askedBy?.id === userId;
    const isHelper = role === 'agent' || role === 'owner';
    return {
      ...actions,
      handover,
      can: {
        request: state === 'assistant' && role !== 'readonly' && role !== 'agent',
        cancel: isOwn && role !== 'readonly',
        take: role === 'agent' && (state === 'assistant' || state === 'waiting'),
        handBack: isHelper && (state === 'person' || (state === 'waiting' && !isOwn)),
      },
    };
  }, [client, thread, actions, userId]);
}
