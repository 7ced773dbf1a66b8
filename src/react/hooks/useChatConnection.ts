import { useCallback, useMemo } from 'react';
import type { ConnectionState } from '../../client/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { IDLE_CONNECTION, SIGNED_OUT_CONNECTION } from './initial-states.ts';
import { useReadable } from './useReadable.ts';

export interface ChatConnectionResult extends ConnectionState {
  /** Tries to connect at once, skipping a wait. Stable. */
  reconnect: () => void;
}

/** The state of the connection. While signed out: `closed`, with the error `signed_out`. */
export function useChatConnection(): ChatConnectionResult {
  const { client } = useChatContext('useChatConnection()');
  const state = useReadable(client?.connection ?? null, SIGNED_OUT_CONNECTION, IDLE_CONNECTION);
  const reconnect = useCallback(() => client?.reconnect(), [client]);
  return useMemo(() => ({ ...state, reconnect }), [state, reconnect]);
}
