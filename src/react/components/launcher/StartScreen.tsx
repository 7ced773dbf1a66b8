import { createContext, useContext, type ReactNode } from 'react';
import { ChatError } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useMessages } from '../../hooks/useMessages.ts';
import { useSendMessage } from '../../hooks/useSendMessage.ts';
import { MessageList as DefaultMessageList } from '../messages/MessageList.tsx';
import type { MessageListProps } from '../types.ts';
import type { ChatLauncherProps } from './types.ts';

type Start = Pick<ChatLauncherProps, 'greeting' | 'suggestions'> & {
  /** The app's own list, for a conversation that has begun. */
  MessageList: React.ComponentType<MessageListProps> | undefined;
};

export const StartContext = /* @__PURE__ */ createContext<Start>({ MessageList: undefined });

/** The messages, or, where there are none yet, a greeting and first messages to choose from. */
export function StartableMessageList(props: MessageListProps): ReactNode {
  const { greeting, suggestions, MessageList = DefaultMessageList } = useContext(StartContext);
  const { status, messages } = useMessages(props.threadId);
  const offers = Boolean(greeting) || (suggestions !== undefined && suggestions.length > 0);
  if (!offers || status !== 'ready' || messages.length > 0) return <MessageList {...props} />;
  return <StartScreen threadId={props.threadId} greeting={greeting} suggestions={suggestions} />;
}

function StartScreen({
  threadId,
  greeting,
  suggestions = [],
}: Pick<ChatLauncherProps, 'greeting' | 'suggestions'> & { threadId: string }): ReactNode {
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
