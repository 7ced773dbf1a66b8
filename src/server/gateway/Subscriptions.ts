import { ChatError, MAX_PAGE_SIZE, type ServerFrameOf } from '../../protocol/index.ts';
import { topics, type FanoutEvent } from '../fanout/Fanout.ts';
import { currentOf } from './answer-actions.ts';
import { requireAccess } from './access.ts';
import { LiveThread } from './LiveThread.ts';
import { openingPage } from './pages.ts';
import { readOwnThread, sourceOf, type FrameOf, type SessionContext } from './SessionContext.ts';
import { toWireMessage } from './wire.ts';

interface Subscription {
  live: LiveThread;
  stop: () => void;
}

/** The threads that one connection listens to. */
export class Subscriptions {
  readonly #context: SessionContext;
  readonly #onLost: (threadId: string) => void;
  readonly #threads = new Map<string, Subscription>();

  /** @param onLost told when the person may no longer read a thread */
  constructor(context: SessionContext, onLost: (threadId: string) => void) {
    this.#context = context;
    this.#onLost = onLost;
  }

  async open({ requestId, threadId, afterSeq }: FrameOf<'thread.subscribe'>): Promise<void> {
    const context = this.#context;
    await requireAccess(context, 'thread.read', threadId);
    this.close(threadId);
    const { limits, fanout } = context.ports;
    if (this.#threads.size >= limits.subscriptions) {
      throw new ChatError('bad_request', `One connection listens to at most ${limits.subscriptions} conversations.`);
    }
    const source = sourceOf(context);
    const live = new LiveThread({
      send: (frame) => {
        context.send(frame);
        if (frame.type === 'message.created' && frame.message.event?.type.startsWith('handover.')) {
          void this.#tellThread(threadId, live);
        }
      },
      readAfter: async (version) => {
        const { messages, upTo } = await source.storage.changesAfter(threadId, version, MAX_PAGE_SIZE);
        return { messages: messages.map((message) => toWireMessage(message, source.attachments)), upTo };
      },
      onFailure: (error) => context.onBroken(error),
    });
    // Fan-out first, then the page: what is written in between is heard of, and nothing is missed.
    const stop = await fanout.subscribe(topics.thread(threadId), (event) => this.#onEvent(event, threadId, live));
    this.#threads.set(threadId, { live, stop });
    try {
      // Asked again now that changes of access are heard, too.
      await requireAccess(context, 'thread.read', threadId);
      const page = await openingPage(source, threadId, afterSeq);
      const thread = await readOwnThread(context, source.storage, threadId);
      // Ended while it was read: the connection, or the person's access.
      if (this.#threads.get(threadId)?.live !== live) {
        throw new ChatError('thread_forbidden', 'You are no longer a member of this conversation.');
      }
      const messages = page.messages.map((message) => currentOf(context, message));
      context.send({ type: 'thread.subscribed', requestId, thread, ...page, messages });
      live.start(page.lastSeq);
    } catch (error) {
      if (this.#threads.get(threadId)?.live === live) this.close(threadId);
      throw error;
    }
  }

  /** False when there was none. */
  close(threadId: string): boolean {
    const subscription = this.#threads.get(threadId);
    subscription?.live.hold();
    subscription?.stop();
    return this.#threads.delete(threadId);
  }

  closeAll(): void {
    for (const threadId of [...this.#threads.keys()]) this.close(threadId);
  }

  #onEvent(event: FanoutEvent, threadId: string, live: LiveThread): void {
    const { type } = event;
    if (type === 'message.created' || type === 'message.updated') live.receive(event);
    else if (
      type === 'answer.streamed' ||
      type === 'member.updated' ||
      type === 'member.removed' ||
      type === 'receipt.updated'
    )
      live.pass(event);
    else if (type === 'typing.updated') {
      if (event.user.id !== this.#context.user.id) live.whisper(event);
    } else if (type === 'report.updated') {
      void this.#passToReviewer(event, threadId, live);
    } else if (type === 'access.changed' && (event.userId === null || event.userId === this.#context.user.id)) {
      void this.#askAgain(threadId, live);
    }
  }

  /** Who answers in it is another one now: behind what the log tells of it, so that nobody misses one without the other. */
  async #tellThread(threadId: string, live: LiveThread): Promise<void> {
    try {
      const thread = await readOwnThread(this.#context, this.#context.storage, threadId);
      if (this.#threads.get(threadId)?.live === live) live.pass({ type: 'thread.updated', thread });
    } catch (error) {
      // A thread that is gone is told of as gone.
      const isGone = ChatError.is(error) && !error.retryable;
      if (!isGone && this.#threads.get(threadId)?.live === live) this.#context.onBroken(error);
    }
  }

  /** Who may not know of reports hears nothing of them. */
  async #passToReviewer(event: ServerFrameOf<'report.updated'>, threadId: string, live: LiveThread): Promise<void> {
    try {
      await requireAccess(this.#context, 'report.review', threadId);
    } catch {
      return; // Also where it could not be found out: the list tells as much, when it is asked for.
    }
    if (this.#threads.get(threadId)?.live === live) live.pass(event);
  }

  /** Live messages stop at once for somebody who may no longer read. */
  async #askAgain(threadId: string, live: LiveThread): Promise<void> {
    live.hold();
    const isCurrent = () => this.#threads.get(threadId)?.live === live;
    try {
      await requireAccess(this.#context, 'thread.read', threadId);
      if (isCurrent()) live.resume();
    } catch (error) {
      if (!isCurrent()) return;
      if (ChatError.is(error) && !error.retryable) return this.#onLost(threadId);
      this.close(threadId);
      this.#context.onBroken(error);
    }
  }
}
