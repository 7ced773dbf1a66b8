import type {
  ChatError,
  ChatUser,
  FilePart,
  Member,
  Message,
  MessagePart,
  MessagePartInput,
  Receipt,
  ReportedMessage,
  Role,
  Thread,
  ThreadAccess,
  Rating,
} from '../../protocol/index.ts';
import type { Upload } from '../attachments/types.ts';
import type { AttachmentLink, HandoverStep, MessageReport, PartAction, ToolDecision } from '../backends/ChatBackend.ts';
import type { Readable } from '../store.ts';

/** `sending`: not acknowledged yet, also while offline · `sent`: durable on the server · `failed`: refused; kept for retry or discard. */
export type DeliveryStatus = 'sending' | 'sent' | 'failed';

/** A part as a person writes it. A whole {@link FilePart} shows at once; of a bare id, the file shows once the server has answered. */
export type DraftPart = MessagePartInput | FilePart;

/** What the person did to a stored message, as far as the server has not confirmed it. */
export interface MessageChange {
  type: 'edit' | 'delete' | 'react' | 'unreact' | 'pin' | 'unpin';
  /** `saving`: shown as if it were done · `failed`: refused and taken back; an edit or a deletion is kept for `retry` or `discard`. */
  status: 'saving' | 'failed';
  /** Why it was refused. */
  error: ChatError | null;
  /** What an edit would write: after a refusal it is nowhere else. */
  parts: readonly DraftPart[] | null;
}

/** A message as a list shows it. The same object until something about it changes, so a memoised row stays as it is. */
export interface MessageEntry {
  /** As the server has it, with the person's own changes on top of it that are being saved. */
  message: Message;
  delivery: DeliveryStatus;
  /** Why it failed. */
  error: ChatError | null;
  /** Whether the person of this client wrote it. */
  mine: boolean;
  /** The newest change of one's own that is being saved, or was refused; else null. */
  change: MessageChange | null;
}

/** Messages one by one: an entry is made once somebody looks at it. For a list of many, of which few show. */
export interface MessageEntries {
  readonly length: number;
  /** The same object until something about it changes. @param index from 0 */
  at(index: number): MessageEntry | undefined;
  /** The messages alone, for whoever looks through many. */
  readonly messages: readonly Message[];
}

/** `refused`: the server named a reason (`error`), e.g. that this thread may not be read. `error`: it could not be loaded; tried again on reconnect. */
export type ThreadStatus = 'loading' | 'ready' | 'refused' | 'error';

/**
 * Where somebody wants to go. `loading`: the message and those around it are asked for · `shown`: it is among the messages; scroll to it
 * · `failed`: it cannot be shown. A new object per jump, also to the same message.
 */
export interface MessageJump {
  messageId: string;
  status: 'loading' | 'shown' | 'failed';
}

/** A thread as a window shows it. A new object per change; `messages` the same array unless one of them changed. */
export interface ThreadState {
  status: ThreadStatus;
  thread: Thread | null;
  /** Ascending: by `seq`, then those that the server has not numbered yet, in the order of sending. */
  messages: readonly MessageEntry[];
  /** The same ones without the array, which is only made for who reads `messages`. Another object when one of them changed. */
  entries: MessageEntries;
  hasOlder: boolean;
  loadingOlder: boolean;
  /** Whether the messages end before the newest one, after a jump: live messages are counted then and not shown, and one's unsent ones are not. */
  hasNewer: boolean;
  loadingNewer: boolean;
  /** While `hasNewer`: others' messages that came since the newest ones were left. */
  arrived: number;
  /** The last jump to a message; null before the first one, and after `toLatest()`. */
  jump: MessageJump | null;
  /** Id of the message that was last sent with this client's `send()`, stored or not; null: none was. A list goes to it. */
  lastSent: string | null;
  error: ChatError | null;
}

/** What is told of a thread besides its messages. */
export type ThreadFacts = Omit<ThreadState, 'messages' | 'entries'>;

/** The replies that begin with one message. */
export interface RepliesState {
  status: 'loading' | 'ready' | 'error';
  /** The message that they begin with; null until it was read. */
  root: MessageEntry | null;
  /** Ascending, as in {@link ThreadState}. */
  messages: readonly MessageEntry[];
  hasOlder: boolean;
  loadingOlder: boolean;
  error: ChatError | null;
}

/** Read while somebody subscribes, which keeps the thread live too. */
export interface RepliesHandle extends Readable<RepliesState> {
  /** Reads the page before the first one. One at a time; nothing happens where there is none. */
  loadOlder(): Promise<void>;
}

export interface SendOptions {
  /** The id of the message that it answers: one that is shown, here or among the replies. */
  replyTo?: string | undefined;
}

/** A list that is read page by page, under the name `Name`. */
export type PagedState<Name extends string, Item> = {
  status: 'loading' | 'ready' | 'error';
  /** Whether another page follows: `loadMore()`. */
  hasMore: boolean;
  loadingMore: boolean;
  error: ChatError | null;
} & Record<Name, readonly Item[]>;

/** The latest first. */
export type ThreadListState = PagedState<'threads', Thread>;

/** The last pinned first; previews, that are not to be shown as the messages themselves. */
export type PinListState = PagedState<'messages', Message>;

/** The last reported first. */
export type ReportListState = PagedState<'reported', ReportedMessage>;

/** The first to join first. */
export type MemberListState = PagedState<'members', Member>;

/** Those who have read furthest first; the person of this client too. */
export type ReceiptListState = PagedState<'receipts', Receipt>;

/** A list that is read page by page, kept up to date while somebody subscribes, and read again after a reconnect. */
export interface PagedReadable<State> extends Readable<State> {
  /** Reads the next page. One at a time; nothing happens where there is none. */
  loadMore(): Promise<void>;
}

export interface NewThread {
  title: string;
  /** Who may read and write: `members` (default), or everybody who is signed in. */
  access?: ThreadAccess;
  /** Ids of others, who become members. */
  memberIds?: string[];
  /** To ask once more after a time-out: the same id makes the thread once. Default: a new UUIDv7. */
  threadId?: string;
}

/** The others who write at this moment, those who began first first; it lapses by itself when one of them goes away. */
export interface TypingHandle extends Readable<readonly ChatUser[]> {
  /**
   * The person writes: call it at every change of a text, with `true` while there is one. The others are told at once and every 3 s, and that
   * it is over when the message is sent, the text is empty (`false`), or nothing was written for 5 s. Without a connection nothing is told.
   */
  notify(active?: boolean): void;
}

/** One conversation. Live while somebody subscribes. */
export interface ThreadHandle {
  readonly id: string;
  get(): ThreadState;
  subscribe(listener: () => void): () => void;
  /** What there was before anything was asked for: what server rendering and hydration show. */
  readonly initial: ThreadState;
  /**
   * Shows the message at once and sends it; returns its id. Waits while offline, and is kept on the device until the server has it.
   * @throws {ChatError} `message_empty`, `message_too_long`, `message_not_found` (what it answers): nothing was sent, keep the text
   */
  send(content: string | DraftPart[], options?: SendOptions): string;
  /**
   * Replaces what one's own message says: shown at once, taken back if the server refuses. Waits while offline, as a send does. A failed
   * message is sent again with its new content.
   * @throws {ChatError} `message_empty`, `message_too_long`: nothing was changed, keep the text
   */
  edit(messageId: string, content: string | DraftPart[]): void;
  /** Deletes a message: shown at once, taken back if the server refuses. Waits while offline. A failed message is forgotten. */
  delete(messageId: string): void;
  /** Adds one's reaction, one emoji: shown at once, taken back if the server refuses. Waits while offline. */
  react(messageId: string, emoji: string): void;
  /** Takes one's own reaction back. */
  unreact(messageId: string, emoji: string): void;
  /** Pins a message for everybody in the thread, at most `MAX_PINS`: shown at once, taken back if the server refuses. Waits while offline. */
  pin(messageId: string): void;
  /** Takes a pin back, anybody's. */
  unpin(messageId: string): void;
  /** Takes the preview of a link out of one's own message, for everybody and for good. Rejects with a `ChatError`. */
  removePreview(messageId: string, url: string): Promise<void>;
  /** Sends a failed message once more, under its own id; or asks once more for an edit or a deletion that was refused. */
  retry(messageId: string): void;
  /** Forgets a failed message; or that an edit or a deletion was refused. */
  discard(messageId: string): void;
  /** Reads the page before the first message. One at a time; nothing happens where there is none. */
  loadOlder(): Promise<void>;
  /** Reads the page after the last message, where `hasNewer`. One at a time. Once it reaches the newest, live messages follow again. */
  loadNewer(): Promise<void>;
  /**
   * Shows a message: at once where it is loaded, else with those around it in place of what is shown. Waits for a connection. Resolves when
   * it is shown, or when somebody wanted to see something else; `state.jump` says how far it is.
   * @throws {ChatError} `message_not_found` … as the server names it
   */
  jumpTo(messageId: string): Promise<void>;
  /** Shows the newest messages, which are at hand: nothing is asked for. Sending does it, too. */
  toLatest(): void;
  /** Reads the thread again after `error` or `refused`. */
  reload(): void;
  /** The replies that begin with a message; the same handle for the same id. */
  replies(rootId: string): RepliesHandle;
  /** What is pinned, the last pinned first. Asked for while somebody subscribes, which keeps the thread live too. */
  readonly pins: PagedReadable<PinListState>;
  /** Who is in it. Asked for while somebody subscribes, which keeps the thread live too. */
  readonly members: PagedReadable<MemberListState>;
  /** Who has read how far. Asked for while somebody subscribes, which keeps the thread live too. */
  readonly receipts: PagedReadable<ReceiptListState>;
  /** What was reported and not decided on: for who watches over the thread. Asked for while somebody subscribes. */
  readonly reports: PagedReadable<ReportListState>;
  /**
   * Says that something is wrong with another's message, to those who watch over the thread.
   * Rejects with a `ChatError`: `action_forbidden`, `message_not_found`, `bad_request` for one's own, `connection_lost`.
   */
  report(messageId: string, report: MessageReport): Promise<void>;
  /** Decides that a reported message stays; to decide the other way, delete it. Rejects as `report` does. */
  dismissReports(messageId: string): Promise<void>;
  /**
   * Hands the thread over to a person, or back to the assistant; waits for no connection, and is shown once the server has said so.
   * Rejects with a `ChatError`: `handover_taken` (somebody else has it), `action_forbidden`, `connection_lost` …
   * @param reason of a request, in the person's words, for everybody in the thread
   */
  handOver(step: HandoverStep, reason?: string): Promise<void>;
  /** Who writes in it now, and how one says so oneself. Watching it keeps the thread live. */
  readonly typing: TypingHandle;
  /**
   * The person has seen the messages up to this `seq`: say so only of what was really before their eyes. Shows at once; the server is told
   * at most once a second, and after a loss of the connection of the newest.
   */
  read(seq: number): void;
  /** These reject with a `ChatError`: `action_forbidden`, `connection_lost` … They wait for no connection. */
  rename(title: string): Promise<void>;
  join(): Promise<void>;
  leave(): Promise<void>;
  /** Deletes the conversation with all that is in it, for everybody. `action_forbidden` where the backend deletes none. */
  remove(): Promise<void>;
  /** Its messages draw no attention any more, and count in no total: for this person alone. */
  mute(): Promise<void>;
  unmute(): Promise<void>;
  /** Puts it away for this person: out of the list until its next message, or for good where it is muted. */
  archive(): Promise<void>;
  unarchive(): Promise<void>;
  /** Adds somebody, by default as `member`, or changes the role of who is in it. */
  addMember(userId: string, role?: Role): Promise<void>;
  removeMember(userId: string): Promise<void>;
  /**
   * Begins to upload a file to the thread, also while there is no connection. When it is done, send it:
   * `send([{ type: 'text', text }, { type: 'file', … }])`. A sign-out cancels it.
   * @throws {ChatError} `action_forbidden` where the backend takes no files; `disposed` after a sign-out
   */
  upload(file: Blob, options?: { filename?: string; signal?: AbortSignal }): Upload;
  /** What an answer says while it grows, at most once per frame of the screen; the thread's own state changes at its beginning and end. */
  answerParts(messageId: string): Readable<readonly MessagePart[]>;
  /** These reject with a `ChatError`. Stopping ends the answer for everybody; a retry gives it anew, in its place. */
  stopAnswer(messageId: string): Promise<void>;
  retryAnswer(messageId: string): Promise<void>;
  /** What the person thinks of an answer, in place of what they said before; without `rating`, what they said. Rejects with a `ChatError`. */
  rateAnswer(messageId: string, rating?: Rating): Promise<Rating>;
  /** Says whether a tool may run that an answer asks for. */
  decideTool(messageId: string, decision: ToolDecision): Promise<void>;
  /** Tells what the person did to a `data-` part of an answer. Rejects with a `ChatError`: `action_forbidden` where the backend has none such. */
  actOnPart(messageId: string, action: PartAction): Promise<void>;
  /** The next link to a file whose link has lapsed. */
  attachmentLink(attachmentId: string): Promise<AttachmentLink>;
}
