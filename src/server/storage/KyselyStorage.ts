import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely, type Transaction } from 'kysely';
import { type ChatUser, type Member, type Receipt, type Rating, type Role } from '../../protocol/index.ts';
import type { StoredPart, StoredPreview } from '../attachments/AttachmentPort.ts';
import type { RevocationEntry, TokenHolder } from '../token/Revocations.ts';
import { createAccessReader, type StoredAccess } from './access-batch.ts';
import { NotTogether } from './append-batch.ts';
import { AttachmentTable } from './AttachmentTable.ts';
import type { Batcher } from './Batcher.ts';
import type {
  AnswerInput,
  SaveAnswerOptions,
  ChatStorage,
  FoundMessage,
  HandoverChange,
  HandoverInput,
  InboxListing,
  LogPage,
  MemberInput,
  MemberChange,
  MemberKey,
  MemberPosition,
  MemberRemoval,
  MemberRule,
  MessageChange,
  MessageInput,
  MessageKey,
  MessageSearch,
  OwnStateChange,
  ReactionInput,
  ReceiptInput,
  ReportInput,
  StoredMessage,
  StoredReported,
  StoredThread,
  ThreadCreation,
  ThreadDefinition,
  ThreadListing,
} from './ChatStorage.ts';
import type { Engine } from './Engine.ts';
import { changeHandover, growingAnswers, listInbox } from './handover-work.ts';
import { AlreadyStored, change, edit, react, remove, saveAnswer, staleAnswers, takeBack } from './message-work.ts';
import { listMembers, memberRoles, readMember, removeMember, saveMember } from './member-work.ts';
import {
  changesAfter,
  getMessage,
  messagesAfter,
  messagesBefore,
  newestMessages,
  newestWritten,
  repliesBefore,
} from './message-reads.ts';
import { pin, pinnedMessages, unpin } from './pin-work.ts';
import { lastSeen, saveLastSeen, sharingThread } from './presence-work.ts';
import { addPreviews, removePreview } from './preview-work.ts';
import { getRating, saveRating, type RatingKey } from './rating-work.ts';
import { searchMessages } from './search-work.ts';
import { MessageAppender, type Runners } from './MessageAppender.ts';
import { countReported, dismissReports, listReported, saveReport } from './report-work.ts';
import { addRevocation, revokedBefore } from './revocation-work.ts';
import { runMigrations } from './migrations.ts';
import { listReceipts, saveOwnState, saveReceipt } from './own-work.ts';
import type { Schema } from './schema.ts';
import { createThread, listThreads, readThread, removeThread, renameThread, upsertThread } from './thread-work.ts';
import { acquaintances, getUser, introduce, knownUsers, upsertUser } from './user-work.ts';

/** How long another process's lock is waited for, and how often it is tried. */
const BUSY_LIMIT_MS = 5_000;
const BUSY_PAUSE_MS = 10;

/** The storage over any SQL engine that Kysely speaks to: the same statements on all of them. */
export class KyselyStorage implements ChatStorage {
  readonly attachments: AttachmentTable;
  readonly #engine: Engine;
  readonly #now: () => number;
  readonly #appender: MessageAppender;
  readonly #access: Batcher<MemberKey, StoredAccess | null>;

  constructor(engine: Engine, now: () => number = Date.now) {
    this.#engine = engine;
    this.#now = now;
    this.attachments = new AttachmentTable((work) => this.#run(work), now);
    const runners: Runners = { run: (work) => this.#run(work), transaction: (work) => this.#transaction(work) };
    this.#appender = new MessageAppender(runners, engine, now);
    this.#access = createAccessReader(runners.run, engine.concurrentBatches);
  }

  migrate(): Promise<void> {
    return this.#run(() => this.#engine.exclusively((db) => runMigrations(db, this.#now, this.#engine.search)));
  }

  check(): Promise<void> {
    return this.#run(async (db) => {
      await sql`select 1`.execute(db);
    });
  }

  upsertUser(user: ChatUser): Promise<void> {
    return this.#run((db) => upsertUser(db, user, this.#now()));
  }

  getUser(userId: string): Promise<ChatUser> {
    return this.#run((db) => getUser(db, userId));
  }

  knownUsers(userIds: readonly string[]): Promise<ChatUser[]> {
    return this.#run((db) => knownUsers(db, userIds));
  }

  acquaintances(userId: string, limit: number): Promise<ChatUser[]> {
    return this.#run((db) => acquaintances(db, userId, limit));
  }

  introduce(people: readonly ChatUser[]): Promise<void> {
    return this.#run((db) => introduce(db, people, this.#now()));
  }

  saveLastSeen(userIds: readonly string[], at: number): Promise<void> {
    return this.#run((db) => saveLastSeen(db, userIds, at));
  }

  lastSeen(userIds: readonly string[]): Promise<Map<string, number>> {
    return this.#run((db) => lastSeen(db, userIds));
  }

  sharingThread(userId: string, others: readonly string[]): Promise<Set<string>> {
    return this.#run((db) => sharingThread(db, userId, others));
  }

  upsertThread(thread: ThreadDefinition): Promise<StoredThread> {
    return this.#transaction((db) => upsertThread(db, thread, this.#now(), this.#engine.search));
  }

  createThread(thread: ThreadCreation): Promise<StoredMessage[]> {
    return this.#transaction((db) => createThread(db, thread, this.#now(), this.#engine.search));
  }

  renameThread(threadId: string, title: string, by: string): Promise<StoredMessage | null> {
    return this.#transaction((db) => renameThread(db, { threadId, title, by }, this.#now(), this.#engine.search));
  }

  removeThread(threadId: string): Promise<boolean> {
    return this.#run((db) => removeThread(db, threadId));
  }

  getThread(threadId: string, viewerId?: string): Promise<StoredThread | null> {
    return this.#run((db) => readThread(db, threadId, viewerId));
  }

  getAccess(threadId: string, userId: string): Promise<StoredAccess | null> {
    return this.#access.add({ threadId, userId });
  }

  listThreads(userId: string, page: ThreadListing): Promise<StoredThread[]> {
    return this.#run((db) => listThreads(db, userId, page));
  }

  getMember(key: MemberKey): Promise<Member | null> {
    return this.#run((db) => readMember(db, key));
  }

  memberRoles(threadId: string): Promise<Map<string, Role>> {
    return this.#run((db) => memberRoles(db, threadId));
  }

  listMembers(threadId: string, page: { after?: MemberPosition; limit: number }): Promise<Member[]> {
    return this.#run((db) => listMembers(db, threadId, page));
  }

  saveMember(member: MemberInput, rule: MemberRule): Promise<MemberChange | null> {
    return this.#transaction((db) => saveMember(db, member, rule, this.#now(), this.#engine.search));
  }

  removeMember(member: MemberKey, rule: MemberRule): Promise<MemberRemoval> {
    return this.#transaction((db) => removeMember(db, member, rule, this.#now(), this.#engine.search));
  }

  changeHandover(change: HandoverInput): Promise<HandoverChange | null> {
    return this.#transaction((db) => changeHandover(db, change, this.#now(), this.#engine.search));
  }

  listInbox(userId: string, page: InboxListing): Promise<StoredThread[]> {
    return this.#run((db) => listInbox(db, userId, page));
  }

  growingAnswers(threadId: string): Promise<StoredMessage[]> {
    return this.#run((db) => growingAnswers(db, threadId));
  }

  appendMessage(input: MessageInput): Promise<StoredMessage> {
    return this.#appender.append(input);
  }

  editMessage({ parts, ...key }: MessageKey & { parts: StoredPart[] }): Promise<MessageChange> {
    return this.#transaction((db) => change(db, key, this.#now(), edit(parts, this.#engine.search)));
  }

  deleteMessage(key: MessageKey): Promise<MessageChange> {
    return this.#transaction((db) => change(db, key, this.#now(), remove(this.#engine.search)));
  }

  saveAnswer(input: AnswerInput, options: SaveAnswerOptions): Promise<StoredMessage | null> {
    return this.#transaction((db) => saveAnswer(db, input, options, this.#now(), this.#engine.search));
  }

  staleAnswers(before: number, limit: number): Promise<StoredMessage[]> {
    return this.#run((db) => staleAnswers(db, before, limit));
  }

  addReaction(reaction: ReactionInput): Promise<MessageChange> {
    return this.#transaction((db) => change(db, reaction, this.#now(), react(reaction)));
  }

  removeReaction(reaction: ReactionInput): Promise<MessageChange> {
    return this.#transaction((db) => change(db, reaction, this.#now(), takeBack(reaction)));
  }

  saveReceipt(receipt: ReceiptInput): Promise<number | null> {
    return this.#run((db) => saveReceipt(db, receipt, this.#now()));
  }

  saveOwnState(key: MemberKey, change: OwnStateChange): Promise<void> {
    return this.#run((db) => saveOwnState(db, key, change));
  }

  listReceipts(threadId: string, limit: number): Promise<Receipt[]> {
    return this.#run((db) => listReceipts(db, threadId, limit));
  }

  pinMessage({ userId, ...key }: MessageKey & { userId: string }): Promise<MessageChange> {
    return this.#transaction((db) => change(db, key, this.#now(), pin(userId)));
  }

  unpinMessage(key: MessageKey): Promise<MessageChange> {
    return this.#transaction((db) => change(db, key, this.#now(), unpin));
  }

  saveRating(key: RatingKey, rating: Rating): Promise<void> {
    return this.#run((db) => saveRating(db, key, rating, this.#now()));
  }

  getRating(key: RatingKey): Promise<Rating> {
    return this.#run((db) => getRating(db, key));
  }

  saveReport(report: ReportInput): Promise<void> {
    return this.#run((db) => saveReport(db, report, this.#now()));
  }

  dismissReports(key: MessageKey): Promise<boolean> {
    return this.#run((db) => dismissReports(db, key, this.#now()));
  }

  countReported(threadId: string): Promise<number> {
    return this.#run((db) => countReported(db, threadId));
  }

  listReported(threadId: string, limit: number): Promise<StoredReported[]> {
    return this.#run((db) => listReported(db, threadId, limit));
  }

  pinnedMessages(threadId: string): Promise<StoredMessage[]> {
    return this.#run((db) => pinnedMessages(db, threadId));
  }

  async addPreviews({ previews, ...key }: MessageKey & { previews: readonly StoredPreview[] }) {
    let added = false;
    const { message } = await this.#transaction((db) =>
      change(db, key, this.#now(), async (work) => (added = await addPreviews(previews)(work))),
    );
    return added ? message : null;
  }

  removePreview({ url, ...key }: MessageKey & { url: string }): Promise<MessageChange> {
    return this.#transaction((db) => change(db, key, this.#now(), removePreview(url)));
  }

  getMessage(key: MessageKey): Promise<StoredMessage | null> {
    return this.#run((db) => getMessage(db, key));
  }

  changesAfter(threadId: string, version: number, limit: number): Promise<LogPage> {
    return this.#run((db) => changesAfter(db, threadId, version, limit));
  }

  newestMessages(threadId: string, limit: number): Promise<LogPage> {
    return this.#run((db) => newestMessages(db, threadId, limit));
  }

  newestWritten(threadId: string, limit: number): Promise<StoredMessage[]> {
    return this.#run((db) => newestWritten(db, threadId, limit));
  }

  messagesBefore(threadId: string, seq: number, limit: number): Promise<StoredMessage[]> {
    return this.#run((db) => messagesBefore(db, threadId, seq, limit));
  }

  repliesBefore(threadId: string, rootId: string, seq: number, limit: number): Promise<StoredMessage[]> {
    return this.#run((db) => repliesBefore(db, threadId, rootId, seq, limit));
  }

  messagesAfter(threadId: string, seq: number, limit: number): Promise<StoredMessage[]> {
    return this.#run((db) => messagesAfter(db, threadId, seq, limit));
  }

  searchMessages(search: MessageSearch): Promise<FoundMessage[]> {
    return this.#run((db) => searchMessages(db, this.#engine.search, search));
  }

  addRevocation(entry: RevocationEntry): Promise<void> {
    return this.#run((db) => addRevocation(db, entry, this.#now()));
  }

  revokedBefore(holder: Pick<TokenHolder, 'userId' | 'sessionId'>): Promise<number> {
    return this.#run((db) => revokedBefore(db, holder, this.#now()));
  }

  close(): Promise<void> {
    return this.#run((db) => db.destroy());
  }

  async #run<T>(work: (db: Kysely<Schema>) => Promise<T>): Promise<T> {
    const giveUpAt = performance.now() + BUSY_LIMIT_MS;
    for (;;) {
      try {
        return await work(this.#engine.db);
      } catch (error) {
        if (error instanceof AlreadyStored || error instanceof NotTogether) throw error;
        // Each piece of work is one statement or one transaction, so nothing of it is left behind.
        if (!this.#engine.isBusy(error) || performance.now() > giveUpAt) throw this.#engine.explain(error);
        await sleep(BUSY_PAUSE_MS * (0.5 + Math.random()));
      }
    }
  }

  #transaction<T>(work: (db: Transaction<Schema>) => Promise<T>): Promise<T> {
    return this.#run((db) => db.transaction().execute(work));
  }
}
