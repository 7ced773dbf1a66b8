import { ChatError, type ServerFrameOf } from '../../protocol/index.ts';
import { topics, type FanoutEvent } from '../fanout/Fanout.ts';
import { askApp, requireAccess } from './access.ts';
import { frameFor } from './announce.ts';
import { threadPage } from './pages.ts';
import { sourceOf, type FrameOf, type SessionContext } from './SessionContext.ts';

/** The list of conversations on one connection: asked for in pages, and from then on kept up to date. */
export class ThreadListWatch {
  readonly #context: SessionContext;
  readonly #onLost: (threadId: string) => void;
  /**
   * What the client has in its list, with the newest `version` of a last message that it was sent: fan-out may be late, and an older
   * one must not come back.
   */
  readonly #listed = new Map<string, number>();
  /** Left the list: late news must not bring one back, so access is asked again before. */
  readonly #lost = new Set<string>();
  #stop: (() => void) | null = null;
  #ended = false;

  /** @param onLost told when the person may no longer read a thread of the list */
  constructor(context: SessionContext, onLost: (threadId: string) => void) {
    this.#context = context;
    this.#onLost = onLost;
  }

  async answer({ requestId, ...asked }: FrameOf<'thread.list'>): Promise<void> {
    await this.#watch();
    const { user } = this.#context;
    const page = await threadPage(sourceOf(this.#context), user.id, asked, async ({ id, role }) => {
      return (await askApp(this.#context, { action: 'thread.read', threadId: id, role })) !== false;
    });
    for (const thread of page.threads) {
      this.#listed.set(thread.id, thread.lastMessage?.version ?? 0);
      this.#lost.delete(thread.id);
    }
    this.#context.send({ type: 'thread.listed', requestId, ...page });
  }

  /** The thread leaves the list. False when it was not in it. */
  forget(threadId: string): boolean {
    if (this.#stop) this.#lost.add(threadId);
    return this.#listed.delete(threadId);
  }

  end(): void {
    this.#ended = true;
    this.#stop?.();
  }

  /** Before the list is read, so that no change falls between the two. */
  async #watch(): Promise<void> {
    if (this.#stop) return;
    const { ports, user } = this.#context;
    const onEvent = (event: FanoutEvent) => this.#onEvent(event);
    const stops = await Promise.all([
      ports.fanout.subscribe(topics.openThreads, onEvent),
      ports.fanout.subscribe(topics.threadsOf(user.id), onEvent),
    ]);
    this.#stop = () => stops.forEach((stop) => stop());
    if (this.#ended) this.#stop();
  }

  #onEvent(event: FanoutEvent): void {
    if (event.type === 'thread.updated') void this.#forward(event);
    else if (event.type === 'open-thread.updated') void this.#forward(frameFor(event, this.#context.user.id));
    else if (event.type === 'access.changed') void this.#askAgain(event.threadId);
  }

  async #forward(frame: ServerFrameOf<'thread.updated'>): Promise<void> {
    const { id: threadId, role, lastMessage } = frame.thread;
    const wasLost = this.#lost.has(threadId);
    try {
      if (wasLost) await requireAccess(this.#context, 'thread.read', threadId);
      else if ((await askApp(this.#context, { action: 'thread.read', threadId, role })) === false) return;
    } catch (cause) {
      if (ChatError.is(cause) && !cause.retryable) return;
      this.#context.ports.logger.error('A change of a conversation was held back: access could not be asked.', {
        cause,
      });
      return;
    }
    const version = lastMessage?.version ?? 0;
    const isLate = version < (this.#listed.get(threadId) ?? 0) || (!wasLost && this.#lost.has(threadId));
    if (this.#ended || isLate) return;
    this.#lost.delete(threadId);
    this.#listed.set(threadId, version);
    this.#context.send(frame);
  }

  async #askAgain(threadId: string): Promise<void> {
    if (!this.#listed.has(threadId)) return;
    try {
      await requireAccess(this.#context, 'thread.read', threadId);
    } catch (error) {
      if (this.#ended) return;
      if (ChatError.is(error) && !error.retryable) this.#onLost(threadId);
      else this.#context.onBroken(error);
    }
  }
}
