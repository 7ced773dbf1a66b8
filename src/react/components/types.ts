import type { ComponentType } from 'react';
import type { MessageEntry } from '../../client/index.ts';
import type { ChatUser, FilePart, LinkPreview, Message, MessagePart } from '../../protocol/index.ts';

export interface AvatarProps {
  /** Whose picture; without one, initials on a colour that follows from the id. */
  user: Pick<ChatUser, 'id' | 'name' | 'avatarUrl'>;
  className?: string;
}

export interface MessageContentProps {
  parts: readonly MessagePart[];
  className?: string;
}

export interface MessageFileProps {
  part: FilePart;
  /** The thread that it was sent to: there its link is renewed. */
  threadId: string;
  className?: string;
}

export interface LinkPreviewProps {
  preview: LinkPreview;
  /** The thread that the message is in: there the link to its picture is renewed. */
  threadId: string;
  /** Takes it out of the message, for everybody; absent for who may not. Rejects where that was refused. */
  onRemove?: ((url: string) => Promise<void>) | undefined;
  className?: string;
}

/** What a person may do in a thread: read, also write and react, also delete what others wrote. The server has the last word. */
export type MessageAccess = 'read' | 'write' | 'moderate';

export interface MessageItemProps {
  entry: MessageEntry;
  /** Whether it follows another message of its author within five minutes: shown without name and picture. */
  continued: boolean;
  /** Whether another message of one's own group follows: time and state stand under the last one. Default false. */
  followed?: boolean;
  /** Sends a failed message once more, or asks once more for an edit or a deletion that was refused. */
  onRetry: (messageId: string) => void;
  /** Forgets a failed message, or that an edit or a deletion was refused. */
  onDiscard: (messageId: string) => void;
  /** Decides what is offered. Default `write`. */
  access?: MessageAccess;
  /** Whether pinning is offered. Default false. */
  mayPin?: boolean;
  /** Whether somebody just went to it: it stands out for a moment. Default false. */
  highlighted?: boolean;
  /** Midnight of today, ms since 1970: a message from before is named with its day. Default: that of the moment in which it is rendered. */
  today?: number;
  className?: string;
}

export interface SystemMessageProps {
  /** One with an `event`. */
  message: Message;
  className?: string;
}

export interface MessageListProps {
  threadId: string;
  /** A message to go to, e.g. from a link: on mount, and when it changes. */
  focusMessageId?: string | undefined;
  className?: string;
}

export interface MessageComposerProps {
  threadId: string;
  /** Puts the cursor here on mount. Default false. */
  autoFocus?: boolean;
  /** All that is written here answers this message: for a panel of its replies. */
  replyTo?: string;
  /** Longest message, in UTF-16 code units. Default and most: 10,000. */
  maxLength?: number;
  className?: string;
}

export interface ThreadHeaderProps {
  threadId: string;
  /** The person has left the conversation, by the menu here. */
  onLeave?: () => void;
  /** Shows a back button; inside a `ChatWindow`, the stylesheet keeps it to narrow ones. */
  onBack?: () => void;
  className?: string;
}

export interface AgentInboxProps {
  /** The one that is open. */
  selectedId?: string | null;
  /** Told when somebody opens one, also by taking it over. Reading one before that needs `thread.read`. */
  onSelect?: (threadId: string) => void;
  className?: string;
}

export interface ThreadListProps {
  /** The one that is open. */
  selectedId?: string | null;
  onSelect?: (threadId: string) => void;
  /**
   * Which conversations the person can make here. `members` (default): with people whom they choose. `any`: also ones for everybody, which
   * the app's `authorize` has to allow (`thread.create-open`). `none`.
   */
  newThreads?: 'members' | 'any' | 'none' | undefined;
  /** The person has left a conversation, by its menu. */
  onLeave?: (threadId: string) => void;
  className?: string;
}

export interface TypingIndicatorProps {
  threadId: string;
  className?: string;
}

export interface ConnectionStatusProps {
  /** `bar` (default): a line across, absent while connected. `compact`: a dot with a word, for a header or a toolbar. */
  variant?: 'bar' | 'compact';
  className?: string;
}

export interface PartRendererProps {
  part: MessagePart;
  message: Message;
}

/** What shows parts of an answer: by `data-` with the app's name, or `tool-` with the tool's, in place of the kit's own. */
export type PartRenderers = Partial<Record<`data-${string}` | `tool-${string}`, ComponentType<PartRendererProps>>>;

/** Parts of the kit that an app may replace. Each gets the same props as the one that it stands in for. */
export interface ChatComponents {
  Avatar: ComponentType<AvatarProps>;
  ConnectionStatus: ComponentType<ConnectionStatusProps>;
  LinkPreview: ComponentType<LinkPreviewProps>;
  MessageComposer: ComponentType<MessageComposerProps>;
  MessageContent: ComponentType<MessageContentProps>;
  MessageFile: ComponentType<MessageFileProps>;
  MessageItem: ComponentType<MessageItemProps>;
  MessageList: ComponentType<MessageListProps>;
  SystemMessage: ComponentType<SystemMessageProps>;
  ThreadHeader: ComponentType<ThreadHeaderProps>;
  ThreadList: ComponentType<ThreadListProps>;
  TypingIndicator: ComponentType<TypingIndicatorProps>;
}
