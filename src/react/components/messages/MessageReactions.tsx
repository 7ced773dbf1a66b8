import SmilePlus from 'lucide/dist/esm/icons/face-slightly-smiling-plus.mjs';
import type { ReactNode } from 'react';
import { MAX_REACTIONS, type Message } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useReactions } from '../../hooks/useReactions.ts';
import { Icon } from '../parts/Icon.tsx';

export interface MessageReactionsProps {
  message: Message;
  /** Whether the person may give one. */
  mayReact: boolean;
  /** Opens the choice of emoji at the “+” that was pressed. */
  onAdd: (anchor: HTMLElement) => void;
}

/** The reactions to a message, each a toggle with its count; who gave it is in its name and its title. */
export function MessageReactions({ message, mayReact, onAdd }: MessageReactionsProps): ReactNode {
  const { strings, locale } = useChatContext('<MessageItem>');
  const { reactions, toggle } = useReactions(message);
  if (reactions.length === 0) return null;
  return (
    <div className="lk-reactions">
      {reactions.map(({ emoji, count, mine, names, unnamed }) => {
        const who = strings.reactionNames(names, mine, unnamed);
        return (
          <button
            key={emoji}
            type="button"
            className="lk-reaction"
            aria-pressed={mine}
            aria-disabled={!mayReact}
            title={who}
            onClick={() => mayReact && toggle(emoji)}
          >
            <span>{emoji}</span>
            <span className="lk-reaction-count">{count.toLocaleString(locale)}</span>
            <span className="lk-hidden">{who}</span>
          </button>
        );
      })}
      {mayReact && reactions.length < MAX_REACTIONS && (
        <button
          type="button"
          className="lk-reaction lk-reaction-add"
          aria-label={strings.react}
          title={strings.react}
          aria-haspopup="dialog"
          onClick={(event) => onAdd(event.currentTarget)}
        >
          <Icon of={SmilePlus} size={14} />
        </button>
      )}
    </div>
  );
}
