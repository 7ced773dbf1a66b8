import { ChatError, type Presence } from '../../protocol/index.ts';
import type { FrameOf, SessionContext } from './SessionContext.ts';

/** The people of whose coming and going one connection is told. */
export class PresenceWatch {
  readonly #context: SessionContext;
  readonly #stops = new Map<string, () => void>();
  #ended = false;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  async open({ requestId, userIds }: FrameOf<'presence.subscribe'>): Promise<void> {
    const { ports, storage, user } = this.#context;
    const presences: Presence[] = [];
    const { presence } = ports;
    if (presence) {
      const wanted = new Set(userIds);
      wanted.delete(user.id);
      const most = ports.limits.subscriptions;
      if (new Set([...this.#stops.keys(), ...wanted]).size > most) {
        throw new ChatError('bad_request', `One connection is told of at most ${most} people.`);
      }
      // Whom one may not see, and who does not exist, are left out in the same way.
      const seen = await storage.sharingThread(user.id, [...wanted]);
      for (const [userId, watch] of await presence.watch([...seen], (now) => void this.#onTold(now))) {
        this.#stops.get(userId)?.();
        this.#stops.set(userId, watch.stop);
        presences.push(watch.presence);
      }
      if (this.#ended) this.end();
    }
    this.#context.send({ type: 'presence.listed', requestId, presences });
  }

  close({ userIds }: FrameOf<'presence.unsubscribe'>): void {
    for (const userId of userIds) this.#close(userId);
  }

  end(): void {
    this.#ended = true;
    for (const userId of [...this.#stops.keys()]) this.#close(userId);
  }

  #close(userId: string): void {
    this.#stops.get(userId)?.();
    this.#stops.delete(userId);
  }

  /** Asked again at every change: they may be in no thread together any more. */
  async #onTold(presence: Presence): Promise<void> {
    const { storage, user, ports } = this.#context;
    const { userId } = presence;
    try {
      const shared = await storage.sharingThread(user.id, [userId]);
      if (!this.#stops.has(userId)) return;
      if (shared.has(userId)) return this.#context.send({ type: 'presence.updated', presence });
      this.#close(userId);
      this.#context.send({ type: 'presence.updated', presence: { userId, online: false, lastSeenAt: null } });
    } catch (cause) {
      ports.logger.warn('That somebody came or went was held back: whether it may be seen could not be asked.', {
        cause,
      });
    }
  }
}
