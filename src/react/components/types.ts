import type { ComponentType } from 'react';
import type { MessageEntry } from '../../client/index.ts';
import type { ChatUser, MessagePart } from '../../protocol/index.ts';

export interface AvatarProps {
  /** Whose picture; without one, initials on a colour that follows from the id. */
  user: Pick<ChatUser, 'id' | 'name' | 'avatarUrl'>;
  className?: string;
}

export interface MessageContentProps {
  parts: readonly MessagePart[];
  className?: string;
}

export interface MessageItemProps {
  entry: MessageEntry;
  /** Whether it follows another message of its author within five minutes: shown without name and picture. */
  continued: boolean;
  /** Sends a failed message once more. */
  onRetry: (messageId: string) => void;
  /** Forgets a failed message. */
  onDiscard: (messageId: string) => void;
  className?: string;
}

export interface MessageListProps {
  threadId: string;
  className?: string;
}

export interface MessageComposerProps {
  threadId: string;
  /** Puts the cursor here on mount. Default false. */
  autoFocus?: boolean;
  /** Longest message, in UTF-16 code units. Default and most: 10,000. */
  maxLength?: number;
  className?: string;
}

export interface ThreadHeaderProps {
  threadId: string;
  /** Shows a back button; inside a `ChatWindow`, the stylesheet keeps it to narrow ones. */
  onBack?: () => void;
  className?: string;
}

export interface ThreadListProps {
  /** The one that is open. */
  selectedId?: string | null;
  onSelect?: (threadId: string) => void;
  className?: string;
}

export interface ConnectionStatusProps {
  /** `bar` (default): a line across, absent while connected. `compact`: a dot with a word, for a header or a toolbar. */
  variant?: 'bar' | 'compact';
  className?: string;
}

/** Parts of the kit that an app may replace. Each gets the same props as the one that it stands in for. */
export interface ChatComponents {
  Avatar: ComponentType<AvatarProps>;
  ConnectionStatus: ComponentType<ConnectionStatusProps>;
  MessageComposer: ComponentType<MessageComposerProps>;
  MessageContent: ComponentType<MessageContentProps>;
  MessageItem: ComponentType<MessageItemProps>;
  MessageList: ComponentType<MessageListProps>;
  ThreadHeader: ComponentType<ThreadHeaderProps>;
  ThreadList: ComponentType<ThreadListProps>;
}
