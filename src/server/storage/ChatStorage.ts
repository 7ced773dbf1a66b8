import type {
  Answer,
  Attempt,
  ChatUser,
  Handover,
  Member,
  Message,
  Rating,
  Receipt,
  ReportedMessage,
  ReportReason,
  Role,
  Thread,
  ThreadAccess,
  ThreadEvent,
} from '../../protocol/index.ts';
import type { StoredPart, StoredPreview } from '../attachments/AttachmentPort.ts';
import type { SearchQuery } from '../search/parseQuery.ts';
import type { RevocationEntry, Revocations } from '../token/Revocations.ts';
import type { AttachmentRecords } from './AttachmentTable.ts';

/** A message as it is stored: its files have no links yet. */
export interface StoredMessage extends Omit<Message, 'parts' | 'previews'> {
  parts: StoredPart[];
  previews?: StoredPreview[];
  /** Of an answer: the words of what it answers, as they were when it began. Stays on the server. */
  asked?: string;
}

/** What happened to a thread as it is stored: those whom it was done to by their ids. */
export interface StoredEvent extends Omit<ThreadEvent, 'people'> {
  people?: string[];
}

/** A thread as it is stored; `role` and `own` are those of whoever it was read for. */
export interface StoredThread extends Omit<Thread, 'lastMessage' | 'handover'> {
  /** Without its reactions: it is for previews. */
  lastMessage: StoredMessage | null;
  /** Whether or not there is an assistant: the storage does not know. */
  handover: Handover;
  /** The newest place in the log that was taken, 0 before the first message. */
  head: number;
}

export interface MessageInput {
  /** Made by the sender's client; what makes appending twice the same as once. */
  id: string;
  threadId: string;
  authorId: string;
  parts: StoredPart[];
  /** The message that it answers. */
  replyTo?: string | undefined;
  /** Of an assistant's answer. */
  answer?: Answer;
  /** Of an assistant's answer: the words of what it answers, as they are now. */
  asked?: string | undefined;
}

export interface MessageKey {
  threadId: string;
  messageId: string;
}

export interface ReactionInput extends MessageKey {
  userId: string;
  emoji: string;
}

export interface ReceiptInput extends MemberKey {
  readSeq: number;
}

/** What somebody wants a thread to be to them. */
export type OwnStateChange = { muted: boolean } | { archived: boolean };

export interface SaveAnswerOptions {
  takePlace: boolean;
  /** Only while it grows. Default: what takes no place. */
  growing?: boolean;
}

/** What has grown of an answer. */
export interface AnswerInput extends MessageKey {
  parts: StoredPart[];
  answer: Answer;
  /** The attempt that the stored answer must be of: of another one nothing is changed. */
  was: number;
  /** Where the next attempt begins; left out, it stays as it is. */
  history?: AnswerHistory;
}

/** What is kept of an answer besides what it says now. */
export interface AnswerHistory {
  /** The words of what this attempt answers. */
  asked: string;
  attempts?: Attempt[];
}

/** What a message held before and the message after a change. Where nothing was to change, it is the message as it was. */
export interface MessageChange {
  message: StoredMessage;
  partsBefore: StoredPart[];
  previewsBefore: StoredPreview[];
}

/** What changed after a place in the log. */
export interface LogPage {
  /** Each once, in ascending `version`. */
  messages: StoredMessage[];
  /** The place up to which `messages` hold everything: the log's head, or the last of them where there are more. */
  upTo: number;
}

export interface ThreadDefinition {
  id: string;
  title: string;
  access: ThreadAccess;
  /** When given, replaces the members. Without a role: the one that somebody has already, else `member`. */
  members?: readonly { id: string; role?: Role }[];
}

export interface ThreadCreation {
  id: string;
  title: string;
  access: ThreadAccess;
  /** Becomes its owner. */
  creatorId: string;
  /** Become members. */
  memberIds: readonly string[];
}

export interface MemberKey {
  threadId: string;
  userId: string;
}

export interface MemberInput extends MemberKey {
  role: Role;
  /** The role that the decision was made upon, null for nobody's: with another one in the table nothing is changed. */
  was?: Role | null;
}

export interface MemberRule {
  /** Refuses with `last_owner` to leave others behind without an owner. */
  keepOwner: boolean;
  /** Who did it: a system message tells of it in the thread. Left out: none does. */
  by?: string | undefined;
}

/** Somebody came in, or has another role. */
export interface MemberChange {
  member: Member;
  /** The system message that tells of it; null where nothing was to tell. */
  event: StoredMessage | null;
  /** The one that tells that the thread waits for a person again, where that was who answered and may no longer. */
  reopened?: StoredMessage;
}

/** Somebody was taken out, or went. */
export interface MemberRemoval {
  /** False when nobody was there to remove. */
  removed: boolean;
  /** As in {@link MemberChange}. */
  event: StoredMessage | null;
  /** As in {@link MemberChange}. */
  reopened?: StoredMessage;
}

/** What is looked for, and where. */
export interface MessageSearch {
  query: SearchQuery;
  /** In one thread, whoever asks; else in open ones and those that `userId` is a member of. */
  in: { threadId: string } | { userId: string };
  after?: SearchPosition;
  limit: number;
}

export interface FoundMessage {
  message: StoredMessage;
  threadTitle: string;
}

/** The last message of the page before. */
export interface SearchPosition {
  time: number;
  id: string;
}

/** Where the page before ended. */
export interface ThreadPosition {
  updatedAt: number;
  id: string;
}
export interface ThreadListing {
  after?: ThreadPosition | undefined;
  limit: number;
  archived?: boolean;
}
export interface MemberPosition {
  joinedAt: number;
  id: string;
}

export interface ReportInput extends MessageKey {
  userId: string;
  reason: ReportReason;
  note: string | null;
}

export interface StoredReported extends Omit<ReportedMessage, 'message'> {
  message: StoredMessage;
}

/** Who is to answer from now on. */
export type HandoverInput = { threadId: string } &
  /** @param of whom it is asked for, where the assistant asks */
  (
    | { type: 'request'; by: string; of?: string | undefined; reason: string | null }
    /** @param askedBy whose requests may be taken back */
    | { type: 'cancel'; by: string; askedBy: readonly string[] }
    /** @param was the role that the decision was made upon, as in {@link MemberInput} */
    | { type: 'take'; by: string; was: Role | null }
    | { type: 'return'; by: string }
  );

export interface HandoverChange {
  /** How it is now. */
  handover: Handover;
  /** The system message that tells of it; null where nothing was to change. */
  event: StoredMessage | null;
  /** Who became an `agent` by taking it. */
  member: Member | null;
}

export interface InboxListing {
  of: 'waiting' | 'mine';
  /** Those that wait anywhere; else where the person is an `agent`. */
  everywhere: boolean;
  after?: InboxPosition | undefined;
  limit: number;
}

interface InboxPosition {
  since: number;
  id: string;
}

/**
 * Where conversations last. A resolved call is durable: it survives `kill -9` and a power loss. Every rejection is a `ChatError`,
 * `database_unavailable` when trying again can help.
 *
 * Each thread has a log. A new message and every change of one take its next place, in the order of the commits and with no gap: a
 * message's `seq` is the place of its creation, its `version` that of its newest change.
 */
export interface ChatStorage extends Revocations {
  /**
   * Brings the tables up to this version. Safe when several nodes call it at once.
   * @throws {ChatError} `database_newer`, `database_damaged`, `database_unavailable`
   */
  migrate(): Promise<void>;
  /** What is known of uploaded files. */
  readonly attachments: AttachmentRecords;
  /** Resolves when the database answers. */
  check(): Promise<void>;
  /** Somebody is here, and called like this. */
  upsertUser(user: ChatUser): Promise<void>;
  /** Those of them who were ever seen. */
  knownUsers(userIds: readonly string[]): Promise<ChatUser[]>;
  /** Those with whom somebody is in a thread, each once, by name. */
  acquaintances(userId: string, limit: number): Promise<ChatUser[]>;
  /** Keeps how people are shown of whom nothing is known yet. */
  introduce(people: readonly ChatUser[]): Promise<void>;
  /** Somebody never seen before is shown by the id. */
  getUser(userId: string): Promise<ChatUser>;

  /** Their last connections ended at a moment. Of people never seen before nothing is kept. */
  saveLastSeen(userIds: readonly string[], at: number): Promise<void>;
  /** When people were last here, by id, as far as it is known: a connection of theirs ended, or a token was made for them. */
  lastSeen(userIds: readonly string[]): Promise<Map<string, number>>;
  /** Those of `others` who are members of a thread that the person is a member of, too. */
  sharingThread(userId: string, others: readonly string[]): Promise<Set<string>>;

  /** Makes a thread or brings it up to date. It tells of nothing in the log, but that it waits for a person again. */
  upsertThread(thread: ThreadDefinition): Promise<StoredThread>;
  /**
   * Makes a thread once: asked again by the same person, it changes nothing.
   * @returns the system messages that tell of it
   * @throws {ChatError} `thread_conflict` when the id is taken by somebody else's
   */
  createThread(thread: ThreadCreation): Promise<StoredMessage[]>;
  /**
   * @returns the system message that tells of it; null where it was called so before
   * @throws {ChatError} `thread_not_found`
   */
  renameThread(threadId: string, title: string, by: string): Promise<StoredMessage | null>;
  /** Removes a thread with all that is in it. False when there was none. */
  removeThread(threadId: string): Promise<boolean>;
  /** As `viewerId` sees it; null when there is none by that id. */
  getThread(threadId: string, viewerId?: string): Promise<StoredThread | null>;
  /** What decides who may do what: cheaper than the thread. */
  getAccess(threadId: string, userId: string): Promise<{ access: ThreadAccess; role: Role | null } | null>;
  /**
   * Open threads and the person's own, the latest first.
   * @param page.archived those that they have put away, and no others; default false: the others
   */
  listThreads(userId: string, page: ThreadListing): Promise<StoredThread[]>;

  getMember(key: MemberKey): Promise<Member | null>;
  /** Everybody's role, by id. */
  memberRoles(threadId: string): Promise<Map<string, Role>>;
  /** The first to join first. */
  listMembers(threadId: string, page: { after?: MemberPosition; limit: number }): Promise<Member[]>;
  /**
   * Adds somebody, or changes a role. Null when `was` did not hold.
   * @throws {ChatError} `thread_not_found`, `last_owner`
   */
  saveMember(member: MemberInput, rule: MemberRule): Promise<MemberChange | null>;
  /**
   * Hands a thread over to a person or back, and tells of it in the log; what is so already changes nothing. Null when `was` did not hold.
   * @throws {ChatError} `thread_not_found`; `handover_taken` where somebody else has it; `action_forbidden` for a request that is none of
   * `askedBy`
   */
  changeHandover(change: HandoverInput): Promise<HandoverChange | null>;
  /** Threads that wait for a person, or that somebody answers in, the longest first. */
  listInbox(userId: string, page: InboxListing): Promise<StoredThread[]>;
  /** Answers in a thread that grow. */
  growingAnswers(threadId: string): Promise<StoredMessage[]>;
  /** @throws {ChatError} `thread_not_found`, `last_owner` */
  removeMember(member: MemberKey, rule: MemberRule): Promise<MemberRemoval>;

  /**
   * Gives the message the log's next place; a reply takes two, the second for the message that the replies begin with, which counts them.
   * Appending the same message again returns the stored one, as it is by now.
   * @throws {ChatError} `thread_not_found`; `message_conflict` when the id belongs to another message; `message_not_found` when what
   * it answers is none of the thread's
   */
  appendMessage(message: MessageInput): Promise<StoredMessage>;
  /**
   * Replaces the parts. The same parts again change nothing. This and every other change of a message is refused for a system message
   * (`system_message`).
   * @throws {ChatError} `message_not_found`, also when it was deleted
   */
  editMessage(edit: MessageKey & { parts: StoredPart[] }): Promise<MessageChange>;
  /**
   * Takes the message's parts and reactions out of the database and leaves its place. Of a reply, the message that the replies begin
   * with takes a place too: it counts one less.
   * @throws {ChatError} `message_not_found`
   */
  deleteMessage(key: MessageKey): Promise<MessageChange>;
  /**
   * Puts an answer's parts and state in the place of those that it has. Without `takePlace` it is no change for the log: a checkpoint of
   * one that grows. Null when the answer is of another attempt by now, was deleted, or, with `growing`, has ended.
   */
  saveAnswer(input: AnswerInput, options: SaveAnswerOptions): Promise<StoredMessage | null>;
  /** Answers that grow and were last saved before a moment. */
  staleAnswers(before: number, limit: number): Promise<StoredMessage[]>;
  /** @throws {ChatError} `message_not_found`; `bad_request` above `MAX_REACTIONS` different ones */
  addReaction(reaction: ReactionInput): Promise<MessageChange>;
  /** @throws {ChatError} `message_not_found` */
  removeReaction(reaction: ReactionInput): Promise<MessageChange>;
  /**
   * Somebody has read up to a place. Places only go forward, and not beyond the newest message.
   * @returns the place, or null where they had read as far before, or there is no such thread
   */
  saveReceipt(receipt: ReceiptInput): Promise<number | null>;
  /** Mutes a thread or puts it away for one person, or takes that back. Of no thread nothing is kept. */
  saveOwnState(key: MemberKey, change: OwnStateChange): Promise<void>;
  /** Who of those that may read it now has read how far, the furthest first. */
  listReceipts(threadId: string, limit: number): Promise<Receipt[]>;

  /** @throws {ChatError} `message_not_found`, also when it was deleted; `bad_request` above `MAX_PINS` of the thread */
  pinMessage(pin: MessageKey & { userId: string }): Promise<MessageChange>;
  /** @throws {ChatError} `message_not_found` */
  unpinMessage(key: MessageKey): Promise<MessageChange>;
  /** What somebody thinks of an answer, in place of what they thought before; `value: null` forgets it. */
  saveRating(key: MessageKey & { userId: string }, rating: Rating): Promise<void>;
  /** Nothing where they said nothing. */
  getRating(key: MessageKey & { userId: string }): Promise<Rating>;
  /** In place of what the same person said of it before. */
  saveReport(report: ReportInput): Promise<void>;
  /** Decides that the message stays. False where nothing was to decide. */
  dismissReports(key: MessageKey): Promise<boolean>;
  /** Messages to decide on: reported, neither dismissed since nor deleted. */
  countReported(threadId: string): Promise<number>;
  /** The same, the last reported first. */
  listReported(threadId: string, limit: number): Promise<StoredReported[]>;
  /** All of a thread, the last pinned first. */
  pinnedMessages(threadId: string): Promise<StoredMessage[]>;
  /**
   * Adds what was found behind links of a message: of those that it still has, that have no preview yet, and whose preview was not
   * removed. Null where that leaves nothing to add.
   * @throws {ChatError} `message_not_found`
   */
  addPreviews(found: MessageKey & { previews: readonly StoredPreview[] }): Promise<StoredMessage | null>;
  /**
   * Takes the preview of a link out of a message, for good: an edit does not bring it back while the link stays.
   * @throws {ChatError} `message_not_found`
   */
  removePreview(preview: MessageKey & { url: string }): Promise<MessageChange>;
  /** Null when the thread has none by that id. */
  getMessage(key: MessageKey): Promise<StoredMessage | null>;
  /** The first `limit` messages with a greater `version`. */
  changesAfter(threadId: string, version: number, limit: number): Promise<LogPage>;
  /** The last `limit` messages, in ascending `seq`, and the place up to which they are known. */
  newestMessages(threadId: string, limit: number): Promise<LogPage>;
  /** The last `limit` messages that somebody wrote, in ascending `seq`: neither what a thread tells of itself nor what was deleted. */
  newestWritten(threadId: string, limit: number): Promise<StoredMessage[]>;
  /** The last `limit` messages with a smaller `seq`, ascending. */
  messagesBefore(threadId: string, seq: number, limit: number): Promise<StoredMessage[]>;
  /** The last `limit` replies that begin with `rootId` and have a smaller `seq`, ascending. */
  repliesBefore(threadId: string, rootId: string, seq: number, limit: number): Promise<StoredMessage[]>;
  /** The first `limit` messages with a greater `seq`, ascending. */
  messagesAfter(threadId: string, seq: number, limit: number): Promise<StoredMessage[]>;

  /** The newest first. A query without words finds nothing. */
  searchMessages(search: MessageSearch): Promise<FoundMessage[]>;

  /** Keeps a revocation until it expires; of two for the same session or person the one that reaches further. */
  addRevocation(revocation: RevocationEntry): Promise<void>;
  close(): Promise<void>;
}
