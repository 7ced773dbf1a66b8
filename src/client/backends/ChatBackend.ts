import type {
  AnswerChunk,
  ChatUser,
  Member,
  Message,
  MessagePartInput,
  Presence,
  Rating,
  Receipt,
  ReportedMessage,
  ReportReason,
  Role,
  Thread,
  ThreadAccess,
  UploadLimits,
  SearchHit,
} from '../../protocol/index.ts';
import type { FileToUpload, Upload } from '../attachments/types.ts';
import type { TokenManager } from '../auth/types.ts';
import type { Clock } from '../clock.ts';
import type { ConnectionState } from '../connection/ConnectionState.ts';

/** What happens on the far side without being asked for. */
export type BackendEvent =
  /**
   * The far side has accepted the person, and shows them like this. Comes with every connection, where the backend knows. `uploads`: which
   * files it takes; absent where it takes none.
   */
  | { type: 'connected'; user: ChatUser; uploads?: UploadLimits | undefined }
  /** The connection is there again after a loss: opened threads are to be opened once more, from where they were. */
  | { type: 'reconnected' }
  /** A message was stored: somebody's new one, or the echo of one's own. */
  | { type: 'message.created'; message: Message }
  /** A message was edited, deleted, reacted to or changed otherwise: the whole of it as it is now. */
  | { type: 'message.updated'; message: Message }
  /** An answer in an opened thread grew: chunks of one attempt (`run`), the first of which has the number `at`. */
  | { type: 'answer.streamed'; threadId: string; messageId: string; run: number; at: number; chunks: AnswerChunk[] }
  /** Somebody came into an opened thread, or has another role. */
  | { type: 'member.updated'; member: Member }
  /** Somebody is in an opened thread no longer. */
  | { type: 'member.removed'; threadId: string; userId: string }
  /** People have read an opened thread further. */
  | { type: 'receipt.updated'; threadId: string; receipts: Receipt[] }
  /** What was reported in an opened thread is another list now; told to who may see it. */
  | { type: 'report.updated'; threadId: string }
  /**
   * A thread came into the person's inbox, is another one there (its `handover` says in which list), or (null) is in it no longer. Told once it was
   * asked for.
   */
  | { type: 'inbox.updated'; threadId: string; thread: Thread | null }
  /** Somebody writes in an opened thread, or no longer does. Not told of oneself; told again every few seconds while it goes on. */
  | { type: 'typing.updated'; threadId: string; user: ChatUser; active: boolean }
  /** Somebody came or went whose presence is watched. */
  | { type: 'presence.updated'; presence: Presence }
  /** A conversation appeared or changed: title, access, role, last message, who answers in it. */
  | { type: 'thread.updated'; thread: Thread }
  /** An opened thread holds something else now, messages are gone from it: it is to be opened anew, from its end. */
  | { type: 'thread.reset'; threadId: string }
  /** The person may no longer read a conversation; it is not open any more. */
  | { type: 'thread.removed'; threadId: string };

/** What a thread holds when it is opened. */
export interface ThreadPage {
  thread: Thread;
  /** The newest page in ascending `seq`; or, joined to `afterSeq`, everything that came or changed since. */
  messages: Message[];
  hasOlder: boolean;
  /** True when `messages` does not join what came before `afterSeq`: the old page is to be dropped. */
  gap: boolean;
  /** Place in the thread's log up to which everything is known now. */
  lastSeq: number;
}

export interface HistoryPage {
  /** In ascending `seq`. */
  messages: Message[];
  hasOlder: boolean;
}

/** A page that need not reach to the newest message. */
export interface HistoryWindow extends HistoryPage {
  hasNewer: boolean;
}

export interface ThreadListPage {
  /** The latest first. */
  threads: Thread[];
  /** For the next page; null after the last one. */
  nextCursor: string | null;
}

export interface MemberListPage {
  /** The first to join first. */
  members: Member[];
  nextCursor: string | null;
}

export interface ReplyPage extends HistoryPage {
  /** The message that the replies begin with; null with `beforeSeq`. */
  root: Message | null;
}

export interface MessageSearch {
  query: string;
  /** Left out: in all of the person's conversations. */
  threadId?: string | undefined;
  /** For a page after the first. */
  cursor?: string | undefined;
}

export interface SearchPage {
  /** The newest first. */
  hits: SearchHit[];
  nextCursor: string | null;
}

export interface AttachmentLink {
  url: string;
  /** Server time, ms since 1970. */
  urlExpiresAt: number;
}

export interface MessageReport {
  reason: ReportReason;
  /** In the person's words. */
  note?: string | undefined;
}

/** `request`: asks for a person · `cancel`: takes that back · `take`: the person answers from now on · `return`: the assistant does. */
export type HandoverStep = 'request' | 'cancel' | 'take' | 'return';

export interface MessageToSend {
  threadId: string;
  messageId: string;
  parts: MessagePartInput[];
  /** The id of the message that it answers. Means nothing in an edit. */
  replyTo?: string | undefined;
}

export interface ThreadToCreate {
  threadId: string;
  title: string;
  access: ThreadAccess;
  memberIds: string[];
}

/** What a backend is given when it is opened, for one person. */
export interface BackendContext {
  userId: string;
  /** Asked before each attempt; never kept. */
  tokens: TokenManager;
  clock: Clock;
  onState(state: ConnectionState): void;
  onEvent(event: BackendEvent): void;
}

/** A person's word on a tool that an answer asks for. */
export interface ToolDecision {
  approvalId: string;
  approved: boolean;
  /** For the assistant. */
  reason?: string;
}

/** What a person did to a part that an answer shows: pressed, chose, filled in. */
export interface PartAction {
  /** The `id` of the part, a `data-` one. */
  partId: string;
  /** In the words of the backend. */
  data: unknown;
  /** By it, a backend that stores what was done does it once, however often it is asked. Default: a new UUIDv7. */
  actionId?: string;
}

/**
 * What not every kind of backend can do. One that has assistants who answer has `stopAnswer`, `retryAnswer` and `resumeAnswer`, and
 * `decideTool` where their tools ask; one that tells what a thread is to the person has `sendReceipt` and `fetchThread`.
 */
export interface BackendActions {
  /** The first messages after a place, in ascending `seq`. */
  loadNewer(threadId: string, options: { afterSeq: number; limit: number }): Promise<HistoryWindow>;
  /** A message with those around it, in ascending `seq` and without a hole. Rejects with `message_not_found`. */
  loadAround(threadId: string, options: { messageId: string; limit: number }): Promise<HistoryWindow>;
  /** The thread as the person sees it, with what is theirs alone. */
  fetchThread(threadId: string): Promise<Thread>;
  /** Creating the same `threadId` again makes it once. */
  createThread(thread: ThreadToCreate): Promise<Thread>;
  renameThread(threadId: string, title: string): Promise<Thread>;
  joinThread(threadId: string): Promise<Thread>;
  leaveThread(threadId: string): Promise<void>;
  /** Deletes a conversation with all that is in it, for everybody. Asked again, the result is the same. */
  deleteThread(threadId: string): Promise<void>;
  /** What a thread is to the person alone; each resolves with the thread as it is to them then, and may be asked again. */
  muteThread(threadId: string): Promise<Thread>;
  unmuteThread(threadId: string): Promise<Thread>;
  archiveThread(threadId: string): Promise<Thread>;
  unarchiveThread(threadId: string): Promise<Thread>;
  listMembers(threadId: string, options?: { cursor?: string }): Promise<MemberListPage>;
  /** Adds somebody, or changes the role of who is in the thread. */
  saveMember(threadId: string, userId: string, role: Role): Promise<Member>;
  removeMember(threadId: string, userId: string): Promise<void>;
  /** Each of these four resolves with the message as it is then, and may be asked again: the result is the same. */
  editMessage(message: MessageToSend): Promise<Message>;
  deleteMessage(threadId: string, messageId: string): Promise<Message>;
  addReaction(threadId: string, messageId: string, emoji: string): Promise<Message>;
  removeReaction(threadId: string, messageId: string, emoji: string): Promise<Message>;
  /** These two, too: keeps a message in sight of everybody, and takes that back. */
  pinMessage(threadId: string, messageId: string): Promise<Message>;
  unpinMessage(threadId: string, messageId: string): Promise<Message>;
  /** Takes the preview of a link out of one's own message, for good; asked again, the result is the same. */
  removePreview(threadId: string, messageId: string, url: string): Promise<Message>;
  /** The pinned messages, the last pinned first: previews, that are not to be shown as the messages themselves. */
  listPins(threadId: string): Promise<Message[]>;
  /** Says that something is wrong with another's message, in place of what the person said of it before. */
  reportMessage(threadId: string, messageId: string, report: MessageReport): Promise<void>;
  /** What was reported and not decided on, the last reported first; for who watches over the thread. */
  listReported(threadId: string): Promise<ReportedMessage[]>;
  /** Decides that a reported message stays. */
  dismissReports(threadId: string, messageId: string): Promise<void>;
  /**
   * Hands a thread over to a person, or back to the assistant; what is so already changes nothing. Resolves with the thread as it is then.
   * Rejects with `handover_taken` where somebody else has it.
   * @param reason of a request, in the person's words
   */
  handOver(threadId: string, step: HandoverStep, reason?: string): Promise<Thread>;
  /** The threads that wait for a person, or those that this person answers in, those first that have been so the longest. */
  listInbox(options: { of: 'waiting' | 'mine'; cursor?: string | undefined }): Promise<ThreadListPage>;
  /** The newest replies that begin with a message, or those with `seq < beforeSeq`. */
  listReplies(threadId: string, rootId: string, options: { beforeSeq?: number; limit: number }): Promise<ReplyPage>;
  /** The person has read a thread up to a place; never goes back. Resolves with the thread as it is to them then. */
  sendReceipt(threadId: string, readSeq: number): Promise<Thread>;
  /** Who has read how far, those who have read furthest first; no more than a window can show. */
  listReceipts(threadId: string): Promise<Receipt[]>;
  /** The person writes in a thread, or no longer does. Nobody waits for it: what goes wrong is not told. */
  sendTyping(threadId: string, active: boolean): void;
  /** Whether people are here, of whom one may see it; from then on their coming and going is told. At most `MAX_PRESENCES` at once. */
  watchPresence(userIds: string[]): Promise<Presence[]>;
  unwatchPresence(userIds: string[]): void;
  searchMessages(search: MessageSearch): Promise<SearchPage>;
  /** People whom this person may add to a conversation, the best matches first; of an empty query, those whom the far side suggests. */
  searchPeople(query: string): Promise<ChatUser[]>;
  /** Each of these resolves with the answer as it is then. Stopping ends it for everybody. */
  stopAnswer(threadId: string, messageId: string): Promise<Message>;
  retryAnswer(threadId: string, messageId: string): Promise<Message>;
  /** The growing answer with its parts so far: something of it was missed. */
  resumeAnswer(threadId: string, messageId: string): Promise<Message>;
  /** What the person thinks of an answer; without `rating`, what they said before. Resolves with what they think from then on. */
  rateAnswer(threadId: string, messageId: string, rating?: Rating): Promise<Rating>;
  decideTool(threadId: string, messageId: string, decision: ToolDecision): Promise<Message>;
  /** Tells what a person did to a part of an answer; the answer goes on with what comes of it. Resolves with it as it is then. */
  actOnPart(threadId: string, messageId: string, action: PartAction): Promise<Message>;
  /** The next link to a file whose link has lapsed. */
  attachmentLink(threadId: string, attachmentId: string): Promise<AttachmentLink>;
}

/**
 * One person's open line to a backend. These methods are the whole of a minimal one: `openThread`, `sendMessage`, `loadOlder` and
 * `listThreads` ask the far side, `closeThread`, `reconnect` and `close` only end or begin something.
 *
 * - Every call rejects with a `ChatError`. One that is `retryable` is asked again by the client, a message by its own id; any other is shown.
 * - A token is asked for before each attempt, by `tokens.get()`. When the far side refuses it, `tokens.forceRefresh(token)` brings the
 *   next one, once; what was to be sent is kept and sent again.
 * - Messages have places in the thread's log: `seq` where they stand, `version` for their newest change. Both count up within the
 *   thread, and a message that changes is told with the next free one. A far side that has no such numbers is counted by the backend.
 * - After `close()` nothing is told any more, and every call rejects.
 * - A backend leaves out the {@link BackendActions} that it has no notion of; to ask for one is refused as `action_forbidden`.
 *
 * `backendConformance` of `latchkit/testing` checks all of it.
 */
export interface BackendSession extends Partial<BackendActions> {
  /**
   * A page of the person's conversations: those that they have not archived, or with `archived` only those. From the first page on, the
   * changes of all are told.
   */
  listThreads(options?: { cursor?: string; archived?: boolean }): Promise<ThreadListPage>;
  /** Reads a thread's newest page, or what came and changed after `afterSeq`, and begins its live events. */
  openThread(threadId: string, options?: { afterSeq?: number }): Promise<ThreadPage>;
  /** Ends a thread's live events. */
  closeThread(threadId: string): void;
  loadOlder(threadId: string, options: { beforeSeq: number; limit: number }): Promise<HistoryPage>;
  /** Resolves once the message is durable. Sending the same `messageId` again stores it once. */
  sendMessage(message: MessageToSend): Promise<Message>;
  /** Tries at once, skipping a wait. */
  reconnect(): void;
  /** Closes for good; what is pending rejects. */
  close(): void;
}

/** Where conversations live: a LatchKit server, or anything that these methods can be written for. */
export interface ChatBackend {
  /** Which one it is, e.g. a server's address. What is kept on the device is kept apart by it; without one, nothing is. */
  readonly address?: () => string;
  /**
   * Which {@link BackendActions} its sessions have, so that a window offers no others. Left out: all of them. A window shows a message's
   * actions before there is a connection, so they are known without one.
   */
  readonly actions?: readonly (keyof BackendActions)[];
  /**
   * Whether a message may answer another one, which it then quotes (`replyTo` of what is sent). Left out: where the replies can be listed
   * (`listReplies`).
   */
  readonly quotes?: boolean;
  /**
   * Whether what people send is answered as a rule, as by a model. What shows answers is loaded and run once while the page is idle then,
   * so that the first words of the first one wait for nothing. Left out: in threads that have an answer already.
   */
  readonly expectsAnswers?: boolean;
  /** Begins one person's session. Returns at once: what goes wrong is told by `onState`, never thrown. */
  open(context: BackendContext): BackendSession;
  /** Begins to upload a file, connected or not. A backend that takes no files leaves it out. */
  upload?(file: FileToUpload, context: Pick<BackendContext, 'tokens' | 'clock'>): Upload;
  /**
   * Who or what a message may mention, the best matches first; asked for while it is written. Left out: the members of the conversation. Rejects
   * with a `ChatError`.
   */
  searchMentions?(query: string, context: { threadId: string; signal: AbortSignal }): Promise<ChatUser[]>;
  /** Says what is said in a recording, connected or not. A backend that cannot leaves it out. Rejects with a `ChatError`. */
  transcribe?(audio: Blob, context: Pick<BackendContext, 'tokens'> & { signal: AbortSignal }): Promise<string>;
}
