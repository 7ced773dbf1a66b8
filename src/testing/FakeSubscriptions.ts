import type { BackendEvent } from '../client/index.ts';

/** What one client has asked to be told of: the threads that it has open, the people whom it watches, its lists. */
export class FakeSubscriptions {
  readonly #threads = new Set<string>();
  readonly #people = new Set<string>();
  #list = false;
  #inbox = false;

  openThread(threadId: string): void {
    this.#threads.add(threadId);
  }

  closeThread(threadId: string): void {
    this.#threads.delete(threadId);
  }

  watch(userIds: readonly string[]): void {
    for (const userId of userIds) this.#people.add(userId);
  }

  unwatch(userIds: readonly string[]): void {
    for (const userId of userIds) this.#people.delete(userId);
  }

  openList(): void {
    this.#list = true;
  }

  openInbox(): void {
    this.#inbox = true;
  }

  /** They end with the connection. */
  clear(): void {
    this.#threads.clear();
    this.#people.clear();
    this.#list = false;
    this.#inbox = false;
  }

  /** Whether the client is told of it. */
  hears(event: BackendEvent): boolean {
    switch (event.type) {
      case 'connected':
      case 'reconnected':
        return true;
      case 'message.created':
      case 'message.updated':
        return this.#threads.has(event.message.threadId);
      case 'member.updated':
        return this.#threads.has(event.member.threadId);
      case 'thread.reset':
      case 'answer.streamed':
      case 'member.removed':
      case 'receipt.updated':
      case 'report.updated':
      case 'typing.updated':
        return this.#threads.has(event.threadId);
      case 'inbox.updated':
        return this.#inbox;
      case 'presence.updated':
        return this.#people.has(event.presence.userId);
      case 'thread.updated':
        // As a server does, which tells who has it open that it was handed over.
        return this.#list || (event.thread.handover !== undefined && this.#threads.has(event.thread.id));
      case 'thread.removed':
        return this.#list || this.#threads.has(event.threadId);
    }
  }
}
