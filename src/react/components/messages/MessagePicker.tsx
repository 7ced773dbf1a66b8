import type { ReactNode } from 'react';
import type { Message } from '../../../protocol/index.ts';
import { useReactions } from '../../hooks/useReactions.ts';
import { ReactionPicker } from './ReactionPicker.tsx';

export interface MessagePickerProps {
  message: Message;
  anchor: HTMLElement | null;
  /** `back`: focus goes back to the message. */
  onClose: (back: boolean) => void;
}

/** The choice of a reaction to a message. */
export function MessagePicker({ message, anchor, onClose }: MessagePickerProps): ReactNode {
  const { reactions, toggle } = useReactions(message);
  return (
    <ReactionPicker
      anchor={anchor}
      given={reactions.flatMap(({ emoji, mine }) => (mine ? [emoji] : []))}
      onPick={(emoji) => {
        toggle(emoji);
        onClose(true);
      }}
      onClose={onClose}
    />
  );
}
