import MessagesSquare from 'lucide/dist/esm/icons/messages-square.mjs';
import { useRef, useState, type ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';
import { ThreadListPane } from './ThreadListPane.tsx';
import { ConnectionStatus as DefaultConnectionStatus } from './ConnectionStatus.tsx';
import { MessageComposer as DefaultComposer } from '../composer/MessageComposer.tsx';
import { MessageList as DefaultMessageList } from '../messages/MessageList.tsx';
import { TypingIndicator as DefaultTypingIndicator } from '../messages/TypingIndicator.tsx';
import { HandoverSlot } from '../handover/HandoverSlot.tsx';
import { Notice } from '../parts/Notice.tsx';
import { RepliesSlot } from '../replies/RepliesSlot.tsx';
import { PinnedSlot } from '../threads/PinnedSlot.tsx';
import { ThreadHeader as DefaultHeader } from '../threads/ThreadHeader.tsx';
import type { ThreadListProps } from '../types.ts';
import { Root, useRoot } from '../parts/useRoot.tsx';
import { Icon } from '../parts/Icon.tsx';

export interface ChatWindowProps {
  /** The conversation to show. With `showThreads` the one to begin with; a change goes to that one. */
  threadId?: string;
  /** A message of `threadId` to open at, e.g. from a link; a change goes to that one. */
  messageId?: string;
  /** Shows the person's conversations beside it; in a narrow window, before it. Default false. */
  showThreads?: boolean;
  /** Told when the person chooses a conversation: keep it, e.g. in the address. */
  onThreadChange?: (threadId: string) => void;
  /** With `showThreads`: which conversations the person can make. Default `members`, as `ThreadList` has it. */
  newThreads?: ThreadListProps['newThreads'];
  /** Puts the cursor into the composer on mount. Default false. */
  autoFocus?: boolean;
  className?: string;
}

type Screen = 'threads' | 'conversation';

/**
 * A whole chat: conversations, messages, composer and the state of the connection. Fills its container, which needs a height.
 * `data-screen` (`threads`, `conversation`) says which one a narrow window shows.
 */
export function ChatWindow({
  threadId,
  messageId,
  showThreads = false,
  newThreads,
  onThreadChange,
  autoFocus = false,
  className,
}: ChatWindowProps): ReactNode {
  const { strings, components } = useChatContext('<ChatWindow>');
  const [given, setGiven] = useState({ threadId, messageId });
  const [chosen, setChosen] = useState<string | null>(threadId ?? null);
  const [screen, setScreen] = useState<Screen>(threadId === undefined ? 'threads' : 'conversation');
  // A link to another message of the conversation that was given leads back there, too.
  if (given.threadId !== threadId || given.messageId !== messageId) {
    setGiven({ threadId, messageId });
    if (threadId !== undefined && (threadId !== chosen || messageId !== undefined)) {
      setChosen(threadId);
      setScreen('conversation');
    }
  }
  const window = useRef<HTMLElement>(null);
  useFocusOnScreen(window, screen);
  const root = useRoot('lk-window', className);

  const ThreadList = components.ThreadList ?? ThreadListPane;
  const ThreadHeader = components.ThreadHeader ?? DefaultHeader;
  const ConnectionStatus = components.ConnectionStatus ?? DefaultConnectionStatus;
  const MessageList = components.MessageList ?? DefaultMessageList;
  const TypingIndicator = components.TypingIndicator ?? DefaultTypingIndicator;
  const Composer = components.MessageComposer ?? DefaultComposer;

  const select = (id: string) => {
    setChosen(id);
    setScreen('conversation');
    if (id !== chosen) onThreadChange?.(id);
  };

  // An open conversation goes on to be readable; of another one there is nothing more to see.
  const leave = (id: string) => {
    if (id !== chosen || !showThreads) return;
    setChosen(null);
    setScreen('threads');
  };

  return (
    <section {...root} ref={window} aria-label={strings.windowLabel} data-threads={showThreads} data-screen={screen}>
      <Root>
        <div className="lk-panes">
          {showThreads && <ThreadList selectedId={chosen} onSelect={select} onLeave={leave} newThreads={newThreads} />}
          <div className="lk-conversation">
            {chosen !== null && (
              <ThreadHeader
                threadId={chosen}
                onBack={showThreads ? () => setScreen('threads') : undefined}
                onLeave={() => leave(chosen)}
              />
            )}
            <ConnectionStatus />
            {chosen !== null && <HandoverSlot threadId={chosen} />}
            {chosen !== null && <PinnedSlot threadId={chosen} />}
            {chosen === null ? (
              <Notice kind="empty" icon={<Icon of={MessagesSquare} size={20} />} title={strings.noThreadChosen} />
            ) : (
              <>
                <MessageList threadId={chosen} focusMessageId={chosen === threadId ? messageId : undefined} />
                <TypingIndicator threadId={chosen} />
                <Composer threadId={chosen} autoFocus={autoFocus} />
              </>
            )}
          </div>
          {chosen !== null && <RepliesSlot threadId={chosen} window={window} />}
        </div>
      </Root>
    </section>
  );
}

/** In a narrow window the pane that had the focus goes away with a change of screen: the focus moves on to the other. */
function useFocusOnScreen(window: React.RefObject<HTMLElement | null>, screen: Screen): void {
  const shown = useRef(screen);
  useIsomorphicLayoutEffect(() => {
    if (shown.current === screen) return;
    shown.current = screen;
    const focused = document.activeElement;
    const lost = focused === null || focused === document.body || focused.getClientRects().length === 0;
    if (!lost) return;
    const target = screen === 'threads' ? '.lk-thread[data-selected=true], .lk-thread' : '.lk-back';
    window.current?.querySelector<HTMLElement>(target)?.focus();
  }, [screen, window]);
}
