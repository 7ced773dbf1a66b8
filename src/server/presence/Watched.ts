import type { Presence } from '../../protocol/index.ts';
import type { FanoutListener } from '../fanout/Fanout.ts';

interface WatchedPorts {
  subscribe(listener: FanoutListener): Promise<() => void>;
  now(): number;
}

/** One person whom somebody at this node watches: at which nodes they are. */
export class Watched {
  readonly #userId: string;
  readonly #ports: WatchedPorts;
  readonly #listeners = new Set<(presence: Presence) => void>();
  /** When each node was last heard to say that they are there, and when by its own clock it said so: no two clocks are compared. */
  readonly #nodes = new Map<string, { heardAt: number; saidAt: number }>();
  #lastSeenAt: number | null = null;
  /** What the listeners know. */
  #told = false;
  #hearing: Promise<void> | null = null;
  #stop: (() => void) | null = null;

  constructor(userId: string, ports: WatchedPorts) {
    this.#userId = userId;
    this.#ports = ports;
  }

  get presence(): Presence {
    const online = this.#nodes.size > 0;
    return { userId: this.#userId, online, lastSeenAt: online ? null : this.#lastSeenAt };
  }

  /** @param onLast called when nobody listens any more */
  listen(listener: (presence: Presence) => void, onLast: () => void): () => void {
    const own = (presence: Presence) => listener(presence);
    this.#listeners.add(own);
    return () => {
      if (!this.#listeners.delete(own) || this.#listeners.size > 0) return;
      this.#stop?.();
      onLast();
    };
  }

  /** Resolves once news of them are heard. */
  hearing(): Promise<void> {
    this.#hearing ??= this.#begin();
    return this.#hearing;
  }

  async #begin(): Promise<void> {
    const stop = await this.#ports.subscribe((event) => {
      if (event.type !== 'presence.told') return;
      const { nodeId, at, lastSeenAt } = event;
      if (lastSeenAt === null) return this.hear(nodeId, at);
      // Said before what is known, and told late.
      if (at >= (this.#nodes.get(nodeId)?.saidAt ?? 0)) this.#leave(nodeId, lastSeenAt);
    });
    // Given up in the meantime.
    if (this.#listeners.size === 0) return stop();
    this.#stop = stop;
  }

  /** They were here at a moment; 0 says nothing. */
  seen(at: number): void {
    if (at > (this.#lastSeenAt ?? 0)) this.#lastSeenAt = at;
  }

  hear(nodeId: string, saidAt: number): void {
    this.#nodes.set(nodeId, { heardAt: this.#ports.now(), saidAt });
    this.#changed();
  }

  /** Forgets the nodes that were last heard of before a moment. */
  lapse(before: number): void {
    for (const [nodeId, { heardAt }] of this.#nodes) if (heardAt < before) this.#leave(nodeId, heardAt);
  }

  #leave(nodeId: string, lastSeenAt: number): void {
    this.#nodes.delete(nodeId);
    this.seen(lastSeenAt);
    this.#changed();
  }

  #changed(): void {
    const { presence } = this;
    if (presence.online === this.#told) return;
    this.#told = presence.online;
    for (const listener of [...this.#listeners]) listener(presence);
  }
}
