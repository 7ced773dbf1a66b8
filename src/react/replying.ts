import type { Message } from '../protocol/index.ts';
import { perClient } from './per-client.ts';

/** What is being answered in a place (a thread, or a panel of replies), or null. */
export const replyingOf = /* @__PURE__ */ perClient<Message>();

/** The message whose replies are open beside a thread, by its id, or null. */
export const openRepliesOf = /* @__PURE__ */ perClient<string>();

/** Where one writes, edits and answers: a thread, or in it the replies that begin with a message. */
export function placeOf(threadId: string, rootId: string | null | undefined): string {
  return rootId ? `${threadId} ${rootId}` : threadId;
}
