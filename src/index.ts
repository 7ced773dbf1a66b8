/** LatchKit for React: a provider, components and hooks for a chat whose tokens never lapse. */
export { ChatProvider } from './react/ChatProvider.tsx';
export type { ChatProviderProps } from './react/ChatProvider.tsx';
export type { LinkPolicy } from './react/markdown/link-policy.ts';
export type { ChatCommand, CommandContext, ComposerOptions } from './react/composer-options.ts';
export type { ChatClassNames, ChatDensity, ChatTheme } from './react/ChatContext.ts';

export { AgentInboxPane as AgentInbox } from './react/components/inbox/AgentInboxPane.tsx';
export { Avatar } from './react/components/parts/Avatar.tsx';
export { ChatLauncher } from './react/components/launcher/ChatLauncher.tsx';
export type { ChatLauncherProps } from './react/components/launcher/types.ts';
export { ChatWindow } from './react/components/window/ChatWindow.tsx';
export type { ChatWindowProps } from './react/components/window/ChatWindow.tsx';
export { ConnectionStatus } from './react/components/window/ConnectionStatus.tsx';
export { MessageComposer, MessageComposer as MessageInput } from './react/components/composer/MessageComposer.tsx';
export { MessageContent } from './react/components/messages/MessageContent.tsx';
export { MessageFile, SystemMessage } from './react/components/messages/own-parts.tsx';
export { MessageItem } from './react/components/messages/MessageItem.tsx';
export { MessageList } from './react/components/messages/MessageList.tsx';
export { ThreadHeader } from './react/components/threads/ThreadHeader.tsx';
export { ThreadMenuButton } from './react/components/threads/ThreadMenuButton.tsx';
export type { ThreadMenuButtonProps } from './react/components/threads/ThreadMenuButton.tsx';
export { ThreadListPane as ThreadList } from './react/components/window/ThreadListPane.tsx';
export { TypingIndicator } from './react/components/messages/TypingIndicator.tsx';
export type {
  AgentInboxProps,
  AvatarProps,
  ChatComponents,
  ConnectionStatusProps,
  MessageAccess,
  MessageComposerProps,
  MessageContentProps,
  LinkPreviewProps,
  MessageFileProps,
  MessageItemProps,
  MessageListProps,
  PartRendererProps,
  PartRenderers,
  SystemMessageProps,
  ThreadHeaderProps,
  ThreadListProps,
  TypingIndicatorProps,
} from './react/components/types.ts';

export { chatTokenKey } from './react/hooks/token-query.ts';
export type { ChatTokenKey } from './react/hooks/token-query.ts';
export { useAnswer } from './react/hooks/useAnswer.ts';
export type { AnswerResult } from './react/hooks/useAnswer.ts';
export { useChatClient } from './react/hooks/useChatClient.ts';
export { useChatConnection } from './react/hooks/useChatConnection.ts';
export type { ChatConnectionResult } from './react/hooks/useChatConnection.ts';
export { useChatToken } from './react/hooks/useChatToken.ts';
export type { ChatTokenResult } from './react/hooks/useChatToken.ts';
export type { ChatTokenOptions } from './react/hooks/useTokenManager.ts';
export { useMessageActions } from './react/hooks/useMessageActions.ts';
export type { MessageActions } from './react/hooks/useMessageActions.ts';
export { useHandover } from './react/hooks/useHandover.ts';
export type { HandoverAbilities, HandoverResult } from './react/hooks/useHandover.ts';
export { useInbox } from './react/hooks/useInbox.ts';
export type { InboxResult } from './react/hooks/useInbox.ts';
export { useLinkedMessage } from './react/hooks/useLinkedMessage.ts';
export { useMembers } from './react/hooks/useMembers.ts';
export type { MembersResult } from './react/hooks/useMembers.ts';
export { useMessages } from './react/hooks/useMessages.ts';
export type { MessagesResult } from './react/hooks/useMessages.ts';
export { usePresence, useThreadPresence } from './react/hooks/usePresence.ts';
export { useReadReceipts } from './react/hooks/useReadReceipts.ts';
export type { ReadReceiptsResult } from './react/hooks/useReadReceipts.ts';
export { useReactions } from './react/hooks/useReactions.ts';
export type { ReactionsResult, ReactionView } from './react/hooks/useReactions.ts';
export { useOpenReplies } from './react/hooks/useOpenReplies.ts';
export { usePins } from './react/hooks/usePins.ts';
export { useReplies } from './react/hooks/useReplies.ts';
export type { RepliesResult } from './react/hooks/useReplies.ts';
export { useReports } from './react/hooks/useReports.ts';
export type { ReportsResult } from './react/hooks/useReports.ts';
export { useSearch } from './react/hooks/useSearch.ts';
export type { SearchResult } from './react/hooks/useSearch.ts';
export { useSearchPeople } from './react/hooks/useSearchPeople.ts';
export type { SearchPeopleResult } from './react/hooks/useSearchPeople.ts';
export { useSendMessage } from './react/hooks/useSendMessage.ts';
export type { SendMessage } from './react/hooks/useSendMessage.ts';
export { useThread } from './react/hooks/useThread.ts';
export type { ThreadResult } from './react/hooks/useThread.ts';
export { useThreadActions } from './react/hooks/useThreadActions.ts';
export type { ThreadActions } from './react/hooks/useThreadActions.ts';
export { useThreads } from './react/hooks/useThreads.ts';
export { useTyping } from './react/hooks/useTyping.ts';
export type { TypingResult } from './react/hooks/useTyping.ts';
export type { ThreadsOptions, ThreadsResult } from './react/hooks/useThreads.ts';
export { useUnread } from './react/hooks/useUnread.ts';

export { readMessageLink } from './react/message-links.ts';
export type { MessageTarget } from './react/message-links.ts';
export { threadAbilitiesOf } from './react/thread-abilities.ts';
export type { ThreadAbilities } from './react/thread-abilities.ts';

export { ENGLISH } from './react/strings.ts';
export type { ChatStringOverrides, ChatStrings, ErrorText } from './react/strings.ts';

// What an app meets in props and results.
export { ChatToken } from './client/index.ts';
export type {
  AttachmentLink,
  ChatBackend,
  ChatClient,
  Transcribe,
  ConnectionState,
  ConnectionStatus as ConnectionStatusName,
  DeliveryStatus,
  DraftPart,
  FetchReason,
  FetchToken,
  MessageChange,
  MessageEntries,
  MessageEntry,
  MemberListState,
  MessageJump,
  MessageReport,
  NewThread,
  PinListState,
  RepliesState,
  ReportListState,
  SendOptions,
  ThreadListState,
  ThreadPage,
  ThreadStatus,
  TypingHandle,
  TokenClaims,
  TokenEvent,
  TokenResponse,
  TokenStatus,
} from './client/index.ts';
export { ChatError } from './protocol/index.ts';
export type {
  ChatErrorCode,
  ChatUser,
  FilePart,
  Handover,
  LinkPreview,
  Member,
  Message,
  MessagePart,
  Quote,
  OwnThreadState,
  Presence,
  Receipt,
  ReportedMessage,
  ReportReason,
  Role,
  TextPart,
  Thread,
  ThreadEvent,
  SearchHit,
} from './protocol/index.ts';
