import { ChatError } from '../../../protocol/index.ts';
import { topics } from '../../fanout/Fanout.ts';
import { requireAccess } from '../access.ts';
import type { FrameOf, SessionContext } from '../SessionContext.ts';
import { announceTyping } from './TypingNews.ts';

/** Where the person of one connection writes. The frame names nobody: one can only say it of oneself. */
export class TypingActions {
  readonly #context: SessionContext;
  readonly #writing = new Set<string>();

  constructor(context: SessionContext) {
    this.#context = context;
  }

  async send({ threadId, active }: FrameOf<'typing.send'>): Promise<void> {
    if (!active && !this.#writing.has(threadId)) return;
    if (this.#context.ports.fanout.mayBeHeard?.(topics.thread(threadId)) === false) return;
    try {
      await requireAccess(this.#context, 'typing.send', threadId);
    } catch (error) {
      this.#writing.delete(threadId);
      // Nobody waits for an answer, and that it was refused is no news to whoever may not write.
      if (ChatError.is(error) && !error.retryable && error.status < 500) return;
      throw error;
    }
    this.#tell(threadId, active);
  }

  /** Who goes away writes no longer. */
  end(): void {
    for (const threadId of [...this.#writing]) this.#tell(threadId, false);
  }

  #tell(threadId: string, active: boolean): void {
    const { user, ports } = this.#context;
    if (active) this.#writing.add(threadId);
    else this.#writing.delete(threadId);
    announceTyping(ports, threadId, { user, active }, (cause) =>
      ports.logger.warn('That somebody writes could not be told.', { cause }),
    );
  }
}
