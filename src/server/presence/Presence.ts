import { randomUUID } from 'node:crypto';
import type { Presence as PresenceState } from '../../protocol/index.ts';
import type { Clock } from '../clock.ts';
import { topics, type Fanout, type FanoutEvent } from '../fanout/Fanout.ts';
import type { ChatStorage } from '../storage/ChatStorage.ts';
import type { Logger } from '../types.ts';
import { Watched } from './Watched.ts';

/** Who comes back within it was not away: a reload, a change of networks. */
const GRACE_MS = 15_000;
/** So often it is asked again for those who are watched here. */
const ASK_MS = 20_000;
/** A node that has not answered for so long is taken for dead, with all who were there: two answers may be lost. */
const LAPSE_MS = 50_000;
const PEOPLE_PER_QUESTION = 500;

interface PresencePorts {
  fanout: Fanout;
  clock: Clock;
  storage: () => Promise<ChatStorage>;
  logger: Logger;
}

interface Watch {
  presence: PresenceState;
  stop: () => void;
}

interface Here {
  connections: number;
  /** Runs once the last one has ended. */
  cancelGrace: (() => void) | null;
}

/**
 * Who is here, on whichever node. A node knows its own people by their connections, and tells of their coming and going. Whoever wants to
 * know asks again and again: a node that dies answers no more, and its people lapse; no message of a fan-out is relied on that may be lost.
 * What it costs goes by the people who are watched, not by those who are here.
 */
export class Presence {
  readonly #ports: PresencePorts;
  readonly #nodeId = randomUUID();
  readonly #here = new Map<string, Here>();
  readonly #watched = new Map<string, Watched>();
  #answering: Promise<() => void> | null = null;
  #cancelAsk: (() => void) | null = null;
  #closed = false;

  constructor(ports: PresencePorts) {
    this.#ports = ports;
  }

  /** Somebody has one connection more at this node. */
  enter(userId: string): void {
    this.#answer();
    const here = this.#here.get(userId);
    if (here) {
      here.cancelGrace?.();
      here.cancelGrace = null;
      here.connections += 1;
      return;
    }
    this.#here.set(userId, { connections: 1, cancelGrace: null });
    this.#tell(userId, null);
  }

  leave(userId: string): void {
    const here = this.#here.get(userId);
    if (!here) return;
    here.connections -= 1;
    if (here.connections > 0 || this.#closed) return;
    const at = this.#ports.clock.now();
    here.cancelGrace = this.#ports.clock.setTimer(() => {
      this.#here.delete(userId);
      void this.#keep([userId], at).then(() => {
        if (!this.#here.has(userId)) this.#tell(userId, at);
      });
    }, GRACE_MS);
  }

  /**
   * Tells of people from now on. What another node knows of them comes a moment later.
   * @returns by person, how it is and what ends it
   */
  async watch(userIds: readonly string[], listener: (presence: PresenceState) => void): Promise<Map<string, Watch>> {
    const begun = userIds.map((userId) => {
      const watched = this.#watchedOf(userId);
      const stop = watched.listen(listener, () => {
        if (this.#watched.get(userId) === watched) this.#watched.delete(userId);
      });
      return { userId, watched, stop };
    });
    try {
      const storage = await this.#ports.storage();
      const [seen] = await Promise.all([storage.lastSeen(userIds), ...begun.map(({ watched }) => watched.hearing())]);
      for (const { userId, watched } of begun) watched.seen(seen.get(userId) ?? 0);
      await this.#ask(userIds);
    } catch (error) {
      for (const { stop } of begun) stop();
      throw error;
    }
    this.#askLater();
    return new Map(begun.map(({ userId, watched, stop }) => [userId, { presence: watched.presence, stop }]));
  }

  #watchedOf(userId: string): Watched {
    let watched = this.#watched.get(userId);
    if (!watched) {
      const { fanout, clock } = this.#ports;
      watched = new Watched(userId, {
        subscribe: (onEvent) => fanout.subscribe(topics.presenceOf(userId), onEvent),
        now: () => clock.now(),
      });
      this.#watched.set(userId, watched);
      if (this.#here.has(userId)) watched.hear(this.#nodeId, 0);
    }
    return watched;
  }

  /** Nobody is told that they went: most come back at another node in a moment, and who does not lapses there. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelAsk?.();
    for (const { cancelGrace } of this.#here.values()) cancelGrace?.();
    await this.#keep([...this.#here.keys()], this.#ports.clock.now());
    this.#here.clear();
    const stop = await this.#answering?.catch(() => null);
    stop?.();
  }

  /** Answers other nodes' questions from the first person on. */
  #answer(): void {
    if (this.#answering || this.#closed) return;
    this.#answering = this.#ports.fanout.subscribe(topics.presence, (event) => {
      if (event.type !== 'presence.asked') return;
      for (const userId of event.userIds) if (this.#here.has(userId)) this.#tell(userId, null);
    });
    this.#answering.catch((cause: unknown) => {
      this.#answering = null; // the next person tries again
      this.#report(cause);
    });
  }

  async #ask(userIds: readonly string[]): Promise<void> {
    for (let from = 0; from < userIds.length; from += PEOPLE_PER_QUESTION) {
      const some = userIds.slice(from, from + PEOPLE_PER_QUESTION);
      await this.#ports.fanout.publish(topics.presence, { type: 'presence.asked', userIds: some });
    }
  }

  #askLater(): void {
    if (this.#cancelAsk || this.#closed) return;
    this.#cancelAsk = this.#ports.clock.setTimer(() => {
      this.#cancelAsk = null;
      if (this.#watched.size === 0) return;
      const now = this.#ports.clock.now();
      for (const watched of this.#watched.values()) watched.lapse(now - LAPSE_MS);
      this.#ask([...this.#watched.keys()]).catch((cause: unknown) => this.#report(cause));
      this.#askLater();
    }, ASK_MS);
  }

  /** @param lastSeenAt null: they are here */
  #tell(userId: string, lastSeenAt: number | null): void {
    const { fanout, clock } = this.#ports;
    const topic = topics.presenceOf(userId);
    if (fanout.mayBeHeard?.(topic) === false) return;
    const event: FanoutEvent = { type: 'presence.told', userId, nodeId: this.#nodeId, lastSeenAt, at: clock.now() };
    fanout.publish(topic, event).catch((cause: unknown) => this.#report(cause));
  }

  async #keep(userIds: string[], at: number): Promise<void> {
    if (userIds.length === 0) return;
    try {
      await (await this.#ports.storage()).saveLastSeen(userIds, at);
    } catch (cause) {
      this.#report(cause);
    }
  }

  #report(cause: unknown): void {
    this.#ports.logger.warn('Who is here could not be told, or kept. It is tried again.', { cause });
  }
}
