import type { ChatClient } from '../client/index.ts';

/** Unsent words by thread, kept while the client lives: for another person they are gone with it. */
const drafts = new WeakMap<ChatClient, Map<string, string>>();

export function readDraft(client: ChatClient | null, threadId: string): string {
  return (client && drafts.get(client)?.get(threadId)) ?? '';
}

export function keepDraft(client: ChatClient | null, threadId: string, text: string): void {
  if (!client) return;
  let own = drafts.get(client);
  if (!own) drafts.set(client, (own = new Map<string, string>()));
  if (text === '') own.delete(threadId);
  else own.set(threadId, text);
}
