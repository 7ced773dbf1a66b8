import type { ChatClient } from '../../client/index.ts';
import { useChatContext } from '../ChatContext.ts';

/** The client of the signed-in person; null while signed out. For what the hooks do not cover. */
export function useChatClient(): ChatClient | null {
  return useChatContext('useChatClient()').client;
}
