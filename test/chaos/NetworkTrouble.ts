import type { FaultConnection, FaultProxy, Undo } from '../../src/testing/node/index.ts';
import type { Random } from '../support/Random.ts';

/** What a network does to its users, one thing after the other, as the seed says. Nothing that TCP would not do. */
export class NetworkTrouble {
  readonly counts: Record<string, number> = {};
  readonly #proxy: FaultProxy;
  readonly #random: Random;
  readonly #timers = new Set<NodeJS.Timeout>();
  #over = false;

  constructor(proxy: FaultProxy, random: Random) {
    this.#proxy = proxy;
    this.#random = random;
    this.#next();
  }

  /** The network is well again. */
  end(): void {
    this.#over = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#proxy.heal();
  }

  #next(): void {
    this.#after(this.#random.between(200, 1_200), () => {
      this.#strike();
      this.#next();
    });
  }

  #strike(): void {
    const proxy = this.#proxy;
    const random = this.#random;
    const connection = random.pickIfAny(proxy.connections);
    if (!connection) return;
    const one = { connection };
    const trouble = random.weighted<[name: string, strike: (one: { connection: FaultConnection }) => void]>([
      [20, ['cut', () => proxy.cut(one)]],
      [15, ['cut in mid frame', () => this.#for(1_000, 2_000, proxy.cutMidFrame(undefined, one))]],
      [20, ['half-open', () => this.#for(1_000, 8_000, proxy.halfOpen(one))]],
      [3, ['half-open, everybody', () => this.#for(500, 3_000, proxy.halfOpen())]],
      [20, ['delay', () => this.#for(1_000, 5_000, proxy.delay([1, 150]))]],
      [8, ['slow reader', () => this.#for(1_000, 3_000, proxy.slowReader(20_000, one))]],
      [6, ['closed with a code', () => proxy.closeWith(random.pick([1001, 1011, 1012, 1013, 4200]), '', one)]],
      [4, ['connections refused', () => this.#for(200, 1_500, proxy.refuseConnections())]],
      [4, ['upgrades refused', () => this.#for(200, 2_000, proxy.refuseUpgrades(502))]],
    ]);
    const [name, strike] = trouble;
    this.counts[name] = (this.counts[name] ?? 0) + 1;
    strike(one);
  }

  #for(min: number, max: number, undo: Undo): void {
    this.#after(this.#random.between(min, max), undo);
  }

  #after(ms: number, fn: () => void): void {
    if (this.#over) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      fn();
    }, ms);
    this.#timers.add(timer);
  }
}
