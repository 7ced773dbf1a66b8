import { MAX_TYPING, TYPING_LIFE_MS, type ChatUser } from '../../../protocol/index.ts';
import type { Clock } from '../../clock.ts';
import { topics, type Fanout } from '../../fanout/Fanout.ts';

/** Said again sooner, it is told to nobody: of several tabs, or of a client that does not wait. */
const QUIET_MS = 2_000;

interface Writer {
  toldAt: number;
  /** Whether the listeners take them to be writing. */
  active: boolean;
}

type Ports = { fanout: Fanout; clock: Clock };

/**
 * Tells a thread's listeners who writes, and keeps the number of tellings small: nothing of it is stored, and a reader forgets by
 * itself. In a thread of a thousand writers and readers, each told of each would be a million frames.
 */
class TypingNews {
  readonly #ports: Ports;
  readonly #threads = new Map<string, Map<string, Writer>>();

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  tell(threadId: string, user: ChatUser, active: boolean, onError: (cause: unknown) => void): void {
    const writers = this.#writersOf(threadId);
    const now = this.#ports.clock.now();
    const writer = writers.get(user.id);
    if (active ? writer && now - writer.toldAt < QUIET_MS : !writer?.active) return;
    if (active && !writer?.active && this.#countActive(writers) >= MAX_TYPING) return;
    // One who stops keeps their place until it lapses, so that going on and off is no way to tell more often.
    writers.set(user.id, { toldAt: active ? now : (writer?.toldAt ?? now), active });
    this.#ports.fanout
      .publish(topics.thread(threadId), { type: 'typing.updated', threadId, user, active })
      .catch(onError);
  }

  #writersOf(threadId: string): Map<string, Writer> {
    let writers = this.#threads.get(threadId);
    if (!writers) {
      this.#threads.set(threadId, (writers = new Map<string, Writer>()));
      this.#sweepLater(threadId, writers);
    }
    const lapsed = this.#ports.clock.now() - TYPING_LIFE_MS;
    for (const [userId, { toldAt }] of writers) if (toldAt <= lapsed) writers.delete(userId);
    return writers;
  }

  #sweepLater(threadId: string, writers: Map<string, Writer>): void {
    this.#ports.clock.setTimer(() => {
      if (this.#writersOf(threadId).size === 0) this.#threads.delete(threadId);
      else this.#sweepLater(threadId, writers);
    }, TYPING_LIFE_MS);
  }

  #countActive(writers: Map<string, Writer>): number {
    return [...writers.values()].filter(({ active }) => active).length;
  }
}

/** One for each node: that is what a fan-out is to the parts of a server. */
const news = new WeakMap<Fanout, TypingNews>();

export function announceTyping(
  ports: Ports,
  threadId: string,
  writing: { user: ChatUser; active: boolean },
  onError: (cause: unknown) => void,
): void {
  let own = news.get(ports.fanout);
  if (!own) news.set(ports.fanout, (own = new TypingNews(ports)));
  own.tell(threadId, writing.user, writing.active, onError);
}
