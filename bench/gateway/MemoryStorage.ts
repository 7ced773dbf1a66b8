import type { Role, ThreadAccess } from '../../src/protocol/index.ts';
import type { MessageInput, StoredMessage, StoredThread } from '../../src/server/storage/ChatStorage.ts';
import { KyselyStorage } from '../../src/server/storage/KyselyStorage.ts';
import { openSqlite } from '../../src/server/storage/sqlite.ts';

/**
 * “Storage off”: what is asked for at each message is answered from two maps. It gives places in the log and remembers the last
 * message of each thread, and nothing else; what is not in a message's way (people, revocations) stays on an SQLite in memory.
 */
class MemoryStorage extends KyselyStorage {
  readonly #threads = new Map<string, StoredThread>();
  readonly #roles = new Map<string, Map<string, Role>>();

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

  override async getAccess(
    threadId: string,
    userId: string,
  ): Promise<{ access: ThreadAccess; role: Role | null } | null> {
    const thread = this.#threads.get(threadId) ?? (await this.getThread(threadId));
    const roles = this.#roles.get(threadId) ?? (await this.memberRoles(threadId));
    return thread && { access: thread.access, role: roles.get(userId) ?? null };
  }

  override appendMessage({ id, threadId, authorId, parts }: MessageInput): Promise<StoredMessage> {
    const thread = this.#threads.get(threadId);
    if (!thread) throw new Error('A message before its thread.');
    const seq = thread.head + 1;
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
    this.#threads.set(threadId, {
      ...thread,
      head: seq,
      messageCount: thread.messageCount + 1,
      lastMessage: message,
      updatedAt: message.createdAt,
    });
    return Promise.resolve(message);
  }
}

export async function openMemoryStorage(): Promise<KyselyStorage> {
  const storage = new MemoryStorage(openSqlite(':memory:'));
  await storage.migrate();
  return storage;
}
