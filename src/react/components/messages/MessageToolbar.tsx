import Ellipsis from 'lucide/dist/esm/icons/ellipsis.mjs';
import Reply from 'lucide/dist/esm/icons/reply.mjs';
import SmilePlus from 'lucide/dist/esm/icons/face-slightly-smiling-plus.mjs';
import type { ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { quotePart } from '../composer/lazy-parts.ts';
import { menuPart, pickerPart } from './lazy-parts.ts';
import { Icon } from '../parts/Icon.tsx';

export interface MessageToolbarProps {
  mayReact: boolean;
  mayReply: boolean;
  /** What is open at it. */
  open: 'menu' | 'picker' | null;
  onReact: (anchor: HTMLElement) => void;
  onReply: () => void;
  onMenu: (anchor: HTMLElement) => void;
}

/**
 * What one can do with a message, at its end: shown under the pointer and where the focus is; its “…” always, where there is no
 * pointer that hovers. Hidden it is no stop of the Tab key, and not read out with a new message.
 */
export function MessageToolbar(props: MessageToolbarProps): ReactNode {
  const { mayReact, mayReply, open, onReact, onReply, onMenu } = props;
  const { strings } = useChatContext('<MessageItem>');
  return (
    <div className="lk-actions" data-open={open !== null}>
      {mayReact && (
        <button
          type="button"
          className="lk-action"
          aria-label={strings.react}
          title={strings.react}
          aria-haspopup="dialog"
          aria-expanded={open === 'picker'}
          onPointerEnter={pickerPart.preload}
          onFocus={pickerPart.preload}
          onClick={(event) => onReact(event.currentTarget)}
        >
          <Icon of={SmilePlus} size={16} />
        </button>
      )}
      {mayReply && (
        <button
          type="button"
          className="lk-action lk-action-reply"
          aria-label={strings.reply}
          title={strings.reply}
          onPointerEnter={quotePart.preload}
          onFocus={quotePart.preload}
          onClick={onReply}
        >
          <Icon of={Reply} size={16} />
        </button>
      )}
      <button
        type="button"
        className="lk-action"
        data-menu=""
        aria-label={strings.moreActions}
        title={strings.moreActions}
        aria-haspopup="menu"
        aria-expanded={open === 'menu'}
        onPointerEnter={menuPart.preload}
        onFocus={menuPart.preload}
        onClick={(event) => onMenu(event.currentTarget)}
      >
        <Icon of={Ellipsis} size={16} />
      </button>
    </div>
  );
}
