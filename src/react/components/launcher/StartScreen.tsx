import { createContext, useContext, useId, type ReactNode } from 'react';
import { ChatError } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useMessages } from '../../hooks/useMessages.ts';
import { useSendMessage } from '../../hooks/useSendMessage.ts';
import { useThreads } from '../../hooks/useThreads.ts';
import { MessageList as DefaultMessageList } from '../messages/MessageList.tsx';
import { ThreadRow } from '../threads/ThreadRow.tsx';
import type { MessageListProps } from '../types.ts';
import type { ChatLauncherProps } from './types.ts';

type Start = Pick<ChatLauncherProps, 'greeting' | 'suggestions' | 'showThreads'> & {
  /** Goes to another conversation. */
  onSelect?: (threadId: string) => void;
  /** The app's own list, for a conversation that has begun. */
  MessageList: React.ComponentType<MessageListProps> | undefined;
};

export const StartContext = /* @__PURE__ */ createContext<Start>({ MessageList: undefined });

/** So many of the last conversations leave room for what to begin with; the others are a step back. */
const MOST_RECENT = 3;

/** What the person wrote about before, to go on with. */
function Recent({ threadId, onSelect }: { threadId: string; onSelect: Start['onSelect'] }): ReactNode {
  const { strings } = useChatContext('<ChatLauncher>');
  const { threads } = useThreads();
  const heading = useId();
  const recent = threads.filter(({ id, lastMessage }) => id !== threadId && lastMessage !== null).slice(0, MOST_RECENT);
  if (recent.length === 0) return null;
  return (
    <section className="lk-start-recent" aria-labelledby={heading}>
      <h3 className="lk-start-heading" id={heading}>
        {strings.recentThreads}
      </h3>
      <ul className="lk-threads-list">
        {recent.map((thread) => (
          <li key={thread.id}>
            <ThreadRow thread={thread} selected={false} onSelect={onSelect} onLeave={undefined} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The messages, or, where there are none yet, a greeting and first messages to choose from. */
export function StartableMessageList(props: MessageListProps): ReactNode {
  const { MessageList = DefaultMessageList, greeting, suggestions } = useContext(StartContext);
  const { status, entries } = useMessages(props.threadId);
  const offers = Boolean(greeting) || (suggestions !== undefined && suggestions.length > 0);
  // That somebody made the conversation is no word in it yet.
  const hasBegun = entries.messages.some(({ event }) => !event);
  if (!offers || status !== 'ready' || hasBegun) return <MessageList {...props} />;
  return <StartScreen threadId={props.threadId} />;
}

function StartScreen({ threadId }: { threadId: string }): ReactNode {
  const { greeting, suggestions = [], showThreads, onSelect } = useContext(StartContext);
  const { strings } = useChatContext('<ChatLauncher>');
  const send = useSendMessage(threadId);
  const sendSuggestion = (text: string) => {
    try {
      send(text);
    } catch (thrown) {
      // Signed out, or too long: the window says the first, the second is the app's own text.
      if (!ChatError.is(thrown) || thrown.code === 'message_too_long') throw thrown;
    }
  };
  return (
    <div className="lk-start">
      {greeting && <p className="lk-start-greeting">{greeting}</p>}
      {showThreads && <Recent threadId={threadId} onSelect={onSelect} />}
      {suggestions.length > 0 && (
        <ul className="lk-start-suggestions" aria-label={strings.suggestionsLabel}>
          {suggestions.map((text) => (
            <li key={text}>
              <button type="button" className="lk-suggestion" dir="auto" onClick={() => sendSuggestion(text)}>
                {text}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
