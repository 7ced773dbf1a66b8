/** LatchKit without React: tokens, connection and conversations. */
export { ChatToken } from './auth/ChatToken.ts';
export type { TokenClaims } from './auth/ChatToken.ts';
export { createHttpTokenFetcher } from './auth/http-token-fetcher.ts';
export type { HttpTokenFetcherOptions } from './auth/http-token-fetcher.ts';
export { browserTabs } from './auth/browser-tabs.ts';
export { createTokenManager } from './auth/TokenManager.ts';
export type {
  FetchReason,
  FetchToken,
  TabsChannel,
  TabsPort,
  TokenEvent,
  TokenManager,
  TokenManagerOptions,
  TokenResponse,
  TokenSnapshot,
  TokenStatus,
} from './auth/types.ts';
export { createUpload } from './attachments/createUpload.ts';
export type {
  FileToUpload,
  Upload,
  UploadedAttachment,
  UploadOptions,
  UploadState,
  UploadStatus,
} from './attachments/types.ts';
export type { UploadRequest, UploadResponse, UploadTransport } from './attachments/UploadTransport.ts';
export type {
  AttachmentLink,
  BackendActions,
  BackendContext,
  BackendEvent,
  BackendSession,
  ChatBackend,
  HistoryPage,
  HistoryWindow,
  HandoverStep,
  MemberListPage,
  MessageReport,
  MessageSearch,
  MessageToSend,
  PartAction,
  SearchPage,
  ReplyPage,
  ThreadListPage,
  ThreadPage,
  ThreadToCreate,
  ToolDecision,
} from './backends/ChatBackend.ts';
export { latchkitBackend } from './backends/latchkit.ts';
export type { LatchkitBackendOptions, TransportName } from './backends/latchkit.ts';
export { systemClock } from './clock.ts';
export type { Clock } from './clock.ts';
export type { ConnectionState, ConnectionStatus } from './connection/ConnectionState.ts';
export type { SocketConstructor, SocketEvent, SocketLike } from './connection/socket.ts';
export { NO_DRAFT } from './conversation/Drafts.ts';
export type { Draft, Drafts } from './conversation/Drafts.ts';
export type { OutboxItem, OutboxTask } from './conversation/OutboxItem.ts';
export type { OutboxStore } from './conversation/OutboxStore.ts';
export { inboxOf } from './conversation/inbox.ts';
export type { Inbox } from './conversation/inbox.ts';
export type {
  DeliveryStatus,
  DraftPart,
  MemberListState,
  MessageJump,
  MessageChange,
  MessageEntries,
  MessageEntry,
  NewThread,
  PagedReadable,
  PagedState,
  PinListState,
  ReportListState,
  RepliesHandle,
  RepliesState,
  SendOptions,
  ReceiptListState,
  ThreadHandle,
  ThreadListState,
  ThreadState,
  ThreadStatus,
  TypingHandle,
} from './conversation/types.ts';
export { createChatClient } from './createChatClient.ts';
export { browserSignals } from './PageSignals.ts';
export type { PageSignal, PageSignals } from './PageSignals.ts';
export { Store } from './store.ts';
export type { Readable } from './store.ts';
export type { ChatClient, ChatClientOptions, ChatEvent, ChatEventEntry, Transcribe } from './types.ts';
