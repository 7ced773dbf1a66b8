import { ChatError } from '../../protocol/index.ts';
import { topics, type FanoutEvent, type InboxChanged } from '../fanout/Fanout.ts';
import { askApp } from './access.ts';
import { inboxPage } from './pages.ts';
import { permits, standingOf } from './permissions.ts';
import { sourceOf, type FrameOf, type SessionContext } from './SessionContext.ts';

/** What the client was told of a thread. */
interface Told {
  /** Of its `handover`: fan-out may be late, and an older one must not come back. */
  version: number;
  isShown: boolean;
}

/** The inbox on one connection: asked for in pages, and from then on kept up to date. */
export class InboxWatch {
  readonly #context: SessionContext;
  readonly #told = new Map<string, Told>();
  #stop: (() => void) | null = null;
  /** One after the other: what is asked about a thread must not overtake what was asked before. */
  #news = Promise.resolve();
  #ended = false;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  async answer({ requestId, of, cursor }: FrameOf<'inbox.list'>): Promise<void> {
    const { user, ports } = this.#context;
    if (!ports.handovers) throw new ChatError('action_forbidden', 'This server has no assistant, and so no inbox.');
    const everywhere = await this.#isStaff();
    await this.#watch();
    const page = await inboxPage(sourceOf(this.#context), user.id, { of, cursor, everywhere }, (thread) =>
      ports.handovers!.isAssisted(thread) ? this.#isAllowed(thread.id, thread.role) : Promise.resolve(false),
    );
    for (const { id, handover } of page.threads) {
      this.#told.set(id, { version: handover?.version ?? 0, isShown: true });
    }
    this.#context.send({ type: 'thread.listed', requestId, ...page });
  }

  end(): void {
    this.#ended = true;
    this.#stop?.();
  }

  /**
   * Whether the person sees threads that they are no agent of.
   * @throws {ChatError} `action_forbidden` for who is to have no inbox at all
   */
  async #isStaff(): Promise<boolean> {
    const verdict = await askApp(this.#context, { action: 'inbox.read', threadId: null, role: null });
    if (verdict === false) throw new ChatError('action_forbidden', 'You may not see the inbox.');
    return verdict === true;
  }

  /** The app's word on one thread. */
  async #isAllowed(threadId: string, role: InboxChanged['roles'][string] | null): Promise<boolean> {
    return (await askApp(this.#context, { action: 'inbox.read', threadId, role })) !== false;
  }

  /** Before the list is read, so that no change falls between the two. */
  async #watch(): Promise<void> {
    if (this.#stop) return;
    this.#stop = await this.#context.ports.fanout.subscribe(topics.inbox, (event) => this.#onEvent(event));
    if (this.#ended) this.#stop();
  }

  #onEvent(event: FanoutEvent): void {
    if (event.type === 'inbox.changed') {
      this.#news = this.#news.then(() => this.#forward(event));
    } else if (event.type === 'inbox.removed') {
      this.#news = this.#news.then(() => this.#remove(event.threadId, Infinity));
    }
  }

  async #forward({ thread, roles }: InboxChanged): Promise<void> {
    const version = thread.handover?.version ?? 0;
    if (this.#ended || version < (this.#told.get(thread.id)?.version ?? 0)) return;
    const role = Object.hasOwn(roles, this.#context.user.id) ? (roles[this.#context.user.id] ?? null) : null;
    let isShown: boolean;
    try {
      isShown = await this.#concerns(thread, role);
    } catch (cause) {
      this.#context.ports.logger.error('News of the inbox were held back: access could not be asked.', { cause });
      return;
    }
    if (this.#ended) return;
    if (!isShown) return this.#remove(thread.id, version);
    this.#told.set(thread.id, { version, isShown });
    this.#context.send({ type: 'inbox.updated', threadId: thread.id, thread: { ...thread, role } });
  }

  #remove(threadId: string, version: number): void {
    const told = this.#told.get(threadId);
    if (!told) return;
    this.#told.set(threadId, { version, isShown: false });
    if (told.isShown && !this.#ended) this.#context.send({ type: 'inbox.updated', threadId, thread: null });
  }

  async #concerns({ id, access, handover }: InboxChanged['thread'], role: InboxChanged['roles'][string] | null) {
    if (!handover || handover.state === 'assistant') return false;
    const isMine = handover.state === 'person' && handover.agent?.id === this.#context.user.id;
    if (handover.state === 'person' && !isMine) return false;
    if (!(await this.#isAllowed(id, role))) return false;
    if (isMine || permits(standingOf({ access, role }), 'inbox.read')) return true;
    return this.#isStaff().catch((error: unknown) => {
      if (ChatError.is(error) && error.code === 'action_forbidden') return false;
      throw error;
    });
  }
}
