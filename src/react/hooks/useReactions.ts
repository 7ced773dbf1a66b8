import { useCallback, useMemo } from 'react';
import type { ChatClient } from '../../client/index.ts';
import type { Message } from '../../protocol/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { useMessageActions } from './useMessageActions.ts';

export interface ReactionView {
  emoji: string;
  /** How many people gave it. */
  count: number;
  /** Whether the person of this chat did. */
  mine: boolean;
  /** Names of the others who did, as far as they are known; the first first. */
  names: readonly string[];
  /** How many more others there are. */
  unnamed: number;
}

export interface ReactionsResult {
  reactions: readonly ReactionView[];
  /** Gives a reaction, or takes one's own back. Shown at once. */
  toggle: (emoji: string) => void;
}

/** A name from who is known already: authors in the thread, members if somebody asked for them. Asks for nothing. */
function nameOf(client: ChatClient | null, threadId: string, userId: string): string | null {
  const thread = client?.thread(threadId);
  const user =
    thread?.get().entries.messages.find(({ author }) => author.id === userId)?.author ??
    thread?.members.get().members.find((member) => member.user.id === userId)?.user;
  return user ? user.name || user.id : null;
}

/** The reactions to a message, with who gave them. */
export function useReactions(message: Message): ReactionsResult {
  const { client, userId } = useChatContext('useReactions()');
  const { react, unreact } = useMessageActions(message.threadId);
  const { id, threadId, reactions } = message;

  const views = useMemo(
    () =>
      reactions.map(({ emoji, count, userIds }): ReactionView => {
        const mine = userId !== null && userIds.includes(userId);
        const names = userIds.flatMap((other) => (other === userId ? [] : (nameOf(client, threadId, other) ?? [])));
        return { emoji, count, mine, names, unnamed: Math.max(0, count - names.length - (mine ? 1 : 0)) };
      }),
    [reactions, client, threadId, userId],
  );
  const toggle = useCallback(
    (emoji: string) => {
      const given = reactions.find((reaction) => reaction.emoji === emoji);
      if (userId !== null && given?.userIds.includes(userId)) unreact(id, emoji);
      else react(id, emoji);
    },
    [reactions, userId, id, react, unreact],
  );
  return { reactions: views, toggle };
}
