import {
  ChatError,
  MAX_PAGE_SIZE,
  type ChatUser,
  type ClientFrame,
  type ServerFrame,
  type Thread,
} from '../../protocol/index.ts';
import { topics, type FanoutEvent } from '../fanout/Fanout.ts';
import { askApp, requireThread } from './access.ts';
import { announceMessage } from './announce.ts';
import type { GatewayPorts } from './GatewayPorts.ts';
import { LiveThread } from './LiveThread.ts';
import { asPreview, olderPage, openingPage, threadsThatFit } from './pages.ts';

/** The frames that a session answers; the connection keeps the others to itself. */
export type SessionFrame = Exclude<ClientFrame, { type: 'auth.open' | 'auth.renew' | 'ping' }>;
type FrameOf<T extends SessionFrame['type']> = Extract<SessionFrame, { type: T }>;

interface SessionEvents {
  send(frame: ServerFrame): void;
  /** What was missed cannot be caught up with: the client is to come again. */
  onBroken(error: unknown): void;
}

/** What one signed-in person does on one connection. Knows no socket and no token. */
export class Session {
  readonly user: ChatUser;
  readonly ports: GatewayPorts;
  readonly #events: SessionEvents;
  readonly #threads = new Map<string, { live: LiveThread; stop: () => void }>();
  /** Newest `seq` sent in a list or an update, by thread: fan-out may be late, and an older last message must not come back. */
  readonly #listed = new Map<string, number>();
  #stopList: (() => void) | null = null;
  #ended = false;

  constructor(user: ChatUser, ports: GatewayPorts, events: SessionEvents) {
    this.user = user;
    this.ports = ports;
    this.#events = events;
  }

  /** @throws {ChatError} what the request is refused with */
  async handle(frame: SessionFrame): Promise<void> {
    switch (frame.type) {
      case 'thread.list':
        return this.#list(frame);
      case 'thread.subscribe':
        return this.#subscribe(frame);
      case 'thread.unsubscribe':
        return this.#unsubscribe(frame.threadId);
      case 'history.fetch':
        return this.#history(frame);
      case 'message.send':
        return this.#send(frame);
    }
  }

  end(): void {
    this.#ended = true;
    for (const threadId of [...this.#threads.keys()]) this.#unsubscribe(threadId);
    this.#stopList?.();
  }

  async #list({ requestId }: FrameOf<'thread.list'>): Promise<void> {
    await this.#watchList();
    const storage = await this.ports.storage();
    const threads = await storage.listThreads(this.user.id);
    const verdicts = await Promise.all(threads.map((thread) => askApp(this, 'thread.read', thread.id)));
    const listed = threadsThatFit(threads.filter((_, index) => verdicts[index] !== false));
    for (const thread of listed) this.#listed.set(thread.id, thread.lastMessage?.seq ?? 0);
    this.#events.send({ type: 'thread.listed', requestId, threads: listed });
  }

  /** Before the list is read, so that no change falls between the two. */
  async #watchList(): Promise<void> {
    if (this.#stopList) return;
    const onEvent = (event: FanoutEvent) => {
      if (event.type === 'thread.updated') void this.#forwardThread(event.thread);
    };
    const { fanout } = this.ports;
    const stops = await Promise.all([
      fanout.subscribe(topics.openThreads, onEvent),
      fanout.subscribe(topics.threadsOf(this.user.id), onEvent),
    ]);
    this.#stopList = () => stops.forEach((stop) => stop());
    if (this.#ended) this.#stopList();
  }

  async #forwardThread(thread: Thread): Promise<void> {
    try {
      if ((await askApp(this, 'thread.read', thread.id)) === false) return;
    } catch (cause) {
      this.ports.logger.error('A change of a conversation was held back: authorize() threw.', { cause });
      return;
    }
    const seq = thread.lastMessage?.seq ?? 0;
    if (this.#ended || seq < (this.#listed.get(thread.id) ?? 0)) return;
    this.#listed.set(thread.id, seq);
    this.#events.send({ type: 'thread.updated', thread: asPreview(thread) });
  }

  async #subscribe({ requestId, threadId, afterSeq }: FrameOf<'thread.subscribe'>): Promise<void> {
    await requireThread(this, 'thread.read', threadId);
    this.#unsubscribe(threadId);
    const { limits } = this.ports;
    if (this.#threads.size >= limits.subscriptions) {
      throw new ChatError('bad_request', `One connection listens to at most ${limits.subscriptions} conversations.`);
    }
    const storage = await this.ports.storage();
    const live = new LiveThread({
      send: (message) => this.#events.send({ type: 'message.created', message }),
      readAfter: (seq) => storage.messagesAfter(threadId, seq, MAX_PAGE_SIZE),
      onFailure: (error) => this.#events.onBroken(error),
    });
    // Fan-out first, then the page: what is written in between is heard of, and nothing is missed.
    const stop = await this.ports.fanout.subscribe(topics.thread(threadId), (event) => {
      if (event.type === 'message.created') live.receive(event.message);
      if (event.type === 'access.changed') void this.#askAgain(threadId, live);
    });
    this.#threads.set(threadId, { live, stop });
    try {
      // Asked again now that changes of access are heard, too.
      const thread = await requireThread(this, 'thread.read', threadId);
      const page = await openingPage(storage, thread, afterSeq);
      // Ended while it was read: the connection, or the person's access.
      if (this.#threads.get(threadId)?.live !== live) {
        throw new ChatError('thread_forbidden', 'You are no longer a member of this conversation.');
      }
      const lastMessage = page.messages.at(-1) ?? thread.lastMessage;
      const updatedAt = lastMessage?.createdAt ?? thread.updatedAt;
      const shown = asPreview({ ...thread, lastMessage, updatedAt });
      this.#events.send({ type: 'thread.subscribed', requestId, thread: shown, ...page });
      live.start(page.lastSeq);
    } catch (error) {
      if (this.#threads.get(threadId)?.live === live) this.#unsubscribe(threadId);
      throw error;
    }
  }

  /** Live messages stop at once for somebody who may no longer read. */
  async #askAgain(threadId: string, live: LiveThread): Promise<void> {
    live.hold();
    try {
      await requireThread(this, 'thread.read', threadId);
      if (this.#threads.get(threadId)?.live === live) live.resume();
    } catch (error) {
      if (this.#threads.get(threadId)?.live === live) this.#unsubscribe(threadId);
      if (!ChatError.is(error) || error.retryable) this.#events.onBroken(error);
    }
  }

  #unsubscribe(threadId: string): void {
    const subscription = this.#threads.get(threadId);
    subscription?.live.hold();
    subscription?.stop();
    this.#threads.delete(threadId);
  }

  async #history({ requestId, threadId, beforeSeq, limit }: FrameOf<'history.fetch'>): Promise<void> {
    await requireThread(this, 'thread.read', threadId);
    const page = await olderPage(await this.ports.storage(), threadId, beforeSeq, limit);
    this.#events.send({ type: 'history.page', requestId, threadId, ...page });
  }

  async #send({ requestId, threadId, messageId, parts }: FrameOf<'message.send'>): Promise<void> {
    const thread = await requireThread(this, 'message.send', threadId);
    const storage = await this.ports.storage();
    const message = await storage.appendMessage({ id: messageId, threadId, authorId: this.user.id, parts });
    this.#events.send({ type: 'message.accepted', requestId, message });
    // A message sent again is announced again: the node that stored it may have died before it could.
    await announceMessage({ fanout: this.ports.fanout, storage }, thread, message).catch((cause: unknown) => {
      this.ports.logger.error('A stored message could not be announced; clients get it when they come back.', {
        cause,
      });
    });
  }
}
