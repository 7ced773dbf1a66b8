import ChevronDown from 'lucide/dist/esm/icons/chevron-down.mjs';
import Pin from 'lucide/dist/esm/icons/pin.mjs';
import PinOff from 'lucide/dist/esm/icons/pin-off.mjs';
import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { quoteOf, type Message } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useMessageActions } from '../../hooks/useMessageActions.ts';
import { useThread } from '../../hooks/useThread.ts';
import { mayPinIn } from '../messages/abilities.ts';
import { useQuoteWords } from '../messages/MessageQuote.tsx';
import { Icon } from '../parts/Icon.tsx';
import { IconButton } from '../parts/IconButton.tsx';
import { useRoot } from '../parts/useRoot.tsx';

export interface PinnedBarProps {
  threadId: string;
  /** The last pinned first; one at least. */
  messages: readonly Message[];
}

/** The newest pinned message; a press goes there. With more than one, the list of them opens below. `data-open` says that it is. */
export function PinnedBar({ threadId, messages }: PinnedBarProps): ReactNode {
  const { strings } = useChatContext('<PinnedBar>');
  const mayPin = mayPinIn(useThread(threadId).thread);
  const [wanted, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const listId = useId();
  const root = useRoot('lk-pins');
  const many = messages.length > 1;
  const open = wanted && many;
  const shown = open ? messages : messages.slice(0, 1);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return;
    event.preventDefault();
    setOpen(false);
    opener.current?.focus();
  };
  return (
    <div {...root} data-open={open} onKeyDown={onKeyDown}>
      <ul className="lk-pins-list" id={listId} aria-label={strings.pinCount(messages.length)}>
        {shown.map((message) => (
          <PinnedLine key={message.id} message={message} mayUnpin={mayPin} onGo={() => setOpen(false)} />
        ))}
      </ul>
      {many && (
        <button
          ref={opener}
          type="button"
          className="lk-pins-more"
          aria-expanded={open}
          aria-controls={listId}
          onClick={() => setOpen(!open)}
        >
          {strings.pinCount(messages.length)}
          <Icon of={ChevronDown} size={14} />
        </button>
      )}
    </div>
  );
}

interface PinnedLineProps {
  message: Message;
  mayUnpin: boolean;
  onGo: () => void;
}

function PinnedLine({ message, mayUnpin, onGo }: PinnedLineProps): ReactNode {
  const { strings } = useChatContext('<PinnedBar>');
  const { jumpTo, unpin } = useMessageActions(message.threadId);
  const { author, text } = useQuoteWords(quoteOf(message, message.id));
  return (
    <li className="lk-pin">
      <button
        type="button"
        className="lk-pin-go"
        onClick={() => {
          onGo();
          // What goes wrong is told by the list.
          jumpTo(message.id).catch(() => {});
        }}
      >
        <Icon of={Pin} size={14} />
        <span className="lk-hidden">{strings.pinLabel(author, text)}</span>
        <span className="lk-pin-words" dir="auto" aria-hidden="true">
          <b>{author}</b> {text}
        </span>
      </button>
      {mayUnpin && <IconButton icon={PinOff} size={14} label={strings.unpin} onClick={() => unpin(message.id)} />}
    </li>
  );
}
