import type { Role, ThreadAccess } from '../../src/protocol/index.ts';
import type { MessageInput, StoredMessage, StoredThread } from '../../src/server/storage/ChatStorage.ts';
import { KyselyStorage } from '../../src/server/storage/KyselyStorage.ts';
import { openSqlite } from '../../src/server/storage/sqlite.ts';

interface Access {
  access: ThreadAccess;
  role: Role | null;
}

/**
 * “Storage off”: what is asked for at each message is answered from two maps. It gives places in the log and remembers the last
 * message of each thread, and nothing else; what is not in a message's way (people, revocations) stays on an SQLite in memory.
 */
class MemoryStorage extends KyselyStorage {
  readonly #threads = new Map<string, StoredThread>();
  readonly #roles = new Map<string, Map<string, Role>>();
  /** By thread, then by person. Nobody's rights change while the bench runs. */
  readonly #access = new Map<string, Map<string, Promise<Access | null>>>();

  override async getThread(threadId: string): Promise<StoredThread | null> {
    const known = this.#threads.get(threadId);
    if (known) return known;
    const thread = await super.getThread(threadId);
    if (thread) this.#threads.set(threadId, thread);
    return thread;
  }

  override async memberRoles(threadId: string): Promise<Map<string, Role>> {
    const known = this.#roles.get(threadId);
    if (known) return known;
    const roles = await super.memberRoles(threadId);
    this.#roles.set(threadId, roles);
    return roles;
  }

  override getAccess(threadId: string, userId: string): Promise<Access | null> {
    let people = this.#access.get(threadId);
    if (!people) this.#access.set(threadId, (people = new Map<string, Promise<Access | null>>()));
    let access = people.get(userId);
    if (!access) people.set(userId, (access = this.#readAccess(threadId, userId)));
    return access;
  }

  async #readAccess(threadId: string, userId: string): Promise<Access | null> {
    const [thread, roles] = await Promise.all([this.getThread(threadId), this.memberRoles(threadId)]);
    return thread && { access: thread.access, role: roles.get(userId) ?? null };
  }

  override appendMessage({ id, threadId, authorId, parts }: MessageInput): Promise<StoredMessage> {
    const thread = this.#threads.get(threadId);
    if (!thread) throw new Error('A message before its thread.');
    const seq = (thread.head += 1);
    const message: StoredMessage = {
      id,
      threadId,
      seq,
      version: seq,
      author: { id: authorId, name: authorId, avatarUrl: null },
      parts,
      createdAt: Date.now(),
      editedAt: null,
      deletedAt: null,
      reactions: [],
    };
    thread.messageCount += 1;
    thread.lastMessage = message;
    thread.updatedAt = message.createdAt;
    return Promise.resolve(message);
  }
}

export async function openMemoryStorage(): Promise<KyselyStorage> {
  const storage = new MemoryStorage(openSqlite(':memory:'));
  await storage.migrate();
  return storage;
}
