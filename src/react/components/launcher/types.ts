import type { ReactNode } from 'react';
import type { ChatWindowProps } from '../window/ChatWindow.tsx';

export interface ChatLauncherProps extends Pick<
  ChatWindowProps,
  'threadId' | 'showThreads' | 'newThreads' | 'onThreadChange'
> {
  /** Which corner of the page. Default `bottom-end`. */
  placement?: 'bottom-end' | 'bottom-start';
  /**
   * Unread messages, shown on the bubble; above 99 as `99+`. Default: those of `threadId`, or with `showThreads` of all conversations.
   * 0: none.
   */
  unread?: number;
  /** Said above the suggestions while the conversation is empty; with `showThreads`, the last other conversations stand between the two. */
  greeting?: ReactNode;
  /** First messages to choose from while the conversation is empty: one is sent at a press. */
  suggestions?: readonly string[];
  /** Whether the chat is open, held by the app; without it the launcher holds it itself. */
  open?: boolean;
  /** Told when the person opens or closes it. */
  onOpenChange?: (open: boolean) => void;
  /**
   * Remembers in localStorage, for each `url` and person, whether it is open, and opens it again on the next page: beside the page only,
   * never over all of it. Default true; without effect when the app holds `open`.
   */
  persist?: boolean;
  className?: string;
}

export type LauncherPanelProps = Pick<
  ChatLauncherProps,
  'threadId' | 'showThreads' | 'newThreads' | 'onThreadChange' | 'greeting' | 'suggestions'
> & {
  id: string;
  /** Whether the person opened it just now: then the focus goes in. */
  takesFocus: boolean;
  onClose: () => void;
};
