import type {
  BackendActions,
  PartAction,
  BackendContext,
  BackendSession,
  ChatBackend,
  ConnectionStatus,
  Clock,
  HandoverStep,
} from '../client/index.ts';
import type {
  AnswerChunk,
  ChatError,
  ChatErrorCode,
  ChatUser,
  LinkPreview,
  Rating,
  Message,
  ReportReason,
  Role,
  Thread,
  ThreadEvent,
  UploadLimits,
} from '../protocol/index.ts';

/** A person as a test writes one down. */
export interface FakeUser {
  id: string;
  /** Default: the id. */
  name?: string;
  /** Default: null, which shows initials. */
  avatarUrl?: string | null;
}

/** A message as a test writes one down. */
export interface FakeMessage {
  /** A user's id. One that `users` does not list is shown by its id. */
  author: string;
  /** Default: empty, as of a system message. */
  text?: string;
  /** What happened to the conversation, by the author's doing: makes it a system message. */
  event?: ThreadEvent;
  /** Default: `{threadId}-{seq}`. */
  id?: string;
  /** Age at the moment when the backend is made. Default: one minute between two messages, the last one a minute old. */
  minutesAgo?: number;
  /** The id of the message that it answers: one before it. */
  replyTo?: string;
}

export interface FakeThread {
  id: string;
  /** Default: the id. */
  title?: string;
  /** Default: `members` where members are named, else `open`. */
  access?: Thread['access'];
  /** Who is in it: ids (as `member`, or with the role that they have), or ids with roles. Replaces those who were. */
  members?: readonly (string | { id: string; role: Role })[];
  /**
   * An assistant answers in it, so that it can be handed over to a person. `waiting`: somebody waits for one. `agent`: this person answers in
   * its place. Default: there is none.
   */
  assistant?: true | { waiting: { askedBy: string; minutesAgo?: number; reason?: string } } | { agent: string };
  /** Oldest first; numbered 1, 2, 3 … in this order. */
  messages?: readonly FakeMessage[];
  /** How far people have read: up to how many of the messages. Members who are not named: all that are there from the start. */
  read?: Readonly<Record<string, number>>;
}

/** What a client asks of a backend, by the name of the method that it calls. */
export type FakeRequestName =
  'listThreads' | 'openThread' | 'loadOlder' | 'sendMessage' | 'upload' | keyof BackendActions;

/**
 * How a request goes wrong: `never-answers` leaves it waiting until the fault is lifted; a code or an error refuses it.
 * A code becomes a {@link ChatError} with the text that a server would write.
 */
export type FakeFault = 'never-answers' | ChatErrorCode | ChatError;

/** What the line does. `closed` goes with an error; the others can change at any time. */
export type FakeLine = Exclude<ConnectionStatus, 'idle'>;

/** One call that a client made, in order. */
export interface FakeRequest {
  name: FakeRequestName;
  userId: string;
  /** Absent in `listThreads`, and where all conversations are searched. */
  threadId?: string;
  /** In `sendMessage` and `loadAround`, where a message is changed, and in `listReplies`. */
  messageId?: string;
  /** In `addReaction` and `removeReaction`. */
  emoji?: string;
  /** In `removePreview`. */
  url?: string;
  /** In `rateAnswer`; absent where it asks. */
  rating?: Rating | undefined;
  /** In `actOnPart`. */
  action?: PartAction;
  /** In `handOver`. */
  step?: HandoverStep;
  reason?: string | undefined;
  /** In `listInbox`. */
  of?: 'waiting' | 'mine';
  /** In `saveMember` and `removeMember`. */
  memberId?: string;
  /** In `listThreads`, `listMembers`, `listInbox` and `searchMessages`, for a page after the first. */
  cursor?: string | undefined;
  /** In `listThreads`, where the archived ones are asked for. */
  archived?: boolean | undefined;
  /** In `sendTyping`. */
  active?: boolean;
  /** In `searchMessages` and `searchPeople`. */
  query?: string;
  /** In `openThread`, after a loss; in `loadNewer`. */
  afterSeq?: number;
  /** In `sendReceipt`. */
  readSeq?: number;
  /** In `loadOlder`, and in `listReplies` for a page after the first. */
  beforeSeq?: number;
}

/** An answer that grows under a test's hand. */
export interface FakeAnswer {
  readonly id: string;
  /** Chunks of a UI Message Stream, for whoever has the thread open. */
  write(...chunks: AnswerChunk[]): void;
  /** Default `done`. With an error it is `failed`. */
  end(status?: 'done' | 'stopped' | ChatErrorCode): Message;
}

export interface FakeBackendOptions {
  users?: readonly FakeUser[];
  threads?: readonly FakeThread[];
  /** Gives times and runs the latency. Pass the test's own to hold both. Default: the system's. */
  clock?: Clock;
  /** Time before the connection is accepted and before each answer, ms. Default 0: in the next microtasks. */
  latencyMs?: number;
  /** Messages in the first page of a thread, and most that a reconnecting client is told of; also threads and members in a page. Default 50. */
  pageSize?: number;
  /** What the line does from the start. Default `connected`: it connects and stays. */
  connectionStatus?: FakeLine;
  /** Why it is `closed`, `offline` or `reconnecting`. Default: `connection_lost` for `reconnecting` and `closed`, else none. */
  connectionError?: ChatErrorCode | ChatError;
  /**
   * Takes files: up to 25 MiB, of every type, unless it says otherwise. Default: none are taken. An upload is done after the latency; with
   * the fault `never-answers` it stops half-way, until the fault is lifted.
   */
  uploads?: Partial<UploadLimits>;
  /** Whose inbox has every thread that waits, by id. Default: each agent's has those that they are an agent of. */
  staff?: readonly string[];
  /** What it can do beyond what a LatchKit server can: `deleteThread`. Default: nothing. */
  alsoCan?: readonly (keyof BackendActions)[];
  /** Requests that go wrong from the start. */
  faults?: Partial<Record<FakeRequestName, FakeFault>>;
}

/** An in-memory chat backend, and the hand that plays the far side. */
export interface FakeBackend extends ChatBackend {
  /** Its sessions can do everything; what is offered of it, `actions` says. */
  open(context: BackendContext): BackendSession & BackendActions;
  /** Every call that clients made, in order. */
  readonly requests: readonly FakeRequest[];
  /** What a thread's log holds now, oldest first. */
  messages(threadId: string): readonly Message[];
  /** Somebody writes: stored, numbered, and delivered to whoever has the thread open. */
  receive(message: { threadId: string; author: string; text: string; id?: string; replyTo?: string }): Message;
  /** An assistant begins to answer, or anew where a client asked the answer `id` again: written into it, then ended, by what this returns. */
  answer(answer: { threadId: string; author: string; to: string; id?: string }): FakeAnswer;
  /** Somebody edits a message. */
  edit(message: { threadId: string; messageId: string; text: string }): Message;
  /** Somebody deletes a message. */
  delete(message: { threadId: string; messageId: string }): Message;
  /** Somebody reacts to a message, or (`taken: true`) takes that back. */
  react(reaction: { threadId: string; messageId: string; userId: string; emoji: string; taken?: boolean }): Message;
  /** Somebody reads a conversation up to a message; without one, up to its last. */
  read(receipt: { threadId: string; userId: string; messageId?: string }): void;
  /** Somebody mutes or archives a conversation, or takes that back; nobody but they can tell. */
  setOwn(threadId: string, userId: string, change: { muted: boolean } | { archived: boolean }): void;
  /** Somebody writes, or (`active: false`) no longer does. It lapses at whoever reads, as a real one does. */
  type(typing: { threadId: string; userId: string; active?: boolean }): void;
  /** The server has looked at the links of a message: these are its previews now. */
  preview(found: { threadId: string; messageId: string; previews: readonly LinkPreview[] }): Message;
  /** Somebody is here, or is no longer and was last at `lastSeenAt` (default now). Before, everybody is away. */
  setPresence(presence: { userId: string; online: boolean; lastSeenAt?: number }): void;
  /** Somebody pins a message, or (`taken: true`) takes that back. */
  pin(pin: { threadId: string; messageId: string; userId: string; taken?: boolean }): Message;
  /** Somebody reports a message: those who watch over the thread hear of it. */
  report(report: { threadId: string; messageId: string; userId: string; reason: ReportReason; note?: string }): void;
  /**
   * Somebody hands a conversation over to a person, or back to the assistant: by the rules that a server has.
   * @throws {ChatError} `handover_taken`, `action_forbidden`
   */
  handOver(change: { threadId: string; userId: string; step: HandoverStep; reason?: string }): void;
  /**
   * Somebody comes into a conversation, gets another role, or (null) is in it no longer. With `by`, whose doing it is, a system message
   * tells of it.
   */
  setMember(threadId: string, userId: string, role: Role | null, options?: { by?: string }): void;
  /** Makes a conversation, or changes its title, access or members, and tells whoever may see it. `messages` are added. */
  setThread(thread: FakeThread): Thread;
  /** Makes a person known, or renames one; messages already written keep the old name, as a log does. */
  setUser(user: FakeUser): ChatUser;
  /** Lets a request go wrong from now on; null lifts the fault and answers what `never-answers` held back. */
  setFault(request: FakeRequestName, fault: FakeFault | null): void;
  /** Changes {@link FakeBackendOptions.latencyMs}. */
  setLatency(ms: number): void;
  /** The device loses its network. */
  goOffline(): void;
  /** Line and network are there; clients come back by themselves. */
  goOnline(): void;
  /** Breaks the line: with an error for good (`closed`), without one until {@link goOnline} (`reconnecting`). */
  disconnect(error?: ChatErrorCode | ChatError): void;
}
