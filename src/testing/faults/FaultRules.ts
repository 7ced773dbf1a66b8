import { draw } from './seeded-random.ts';
import type {
  FaultChoice,
  FaultConnection,
  FaultDirection,
  FaultMessage,
  FaultScope,
  FaultTime,
  FaultTotals,
  Undo,
} from './types.ts';

type Rule = { scope: FaultScope } & (
  | { fault: 'drop' | 'duplicate'; which: FaultChoice; left: number }
  | { fault: 'cut'; which: FaultChoice; left: number }
  | { fault: 'delay'; ms: FaultTime }
  | { fault: 'reorder'; left: number }
  | { fault: 'halfOpen' }
  | { fault: 'slow'; bytesPerSecond: number }
  | { fault: 'refuseConnections' }
  | { fault: 'refuseUpgrades'; status: number }
);

/** What `Omit` would flatten, kept a union. */
type NewRule = Rule extends infer R ? (R extends Rule ? Omit<R, 'scope'> & { scope?: FaultScope } : never) : never;

/** What is to become of one message. */
export interface Verdict {
  copies: 0 | 1 | 2;
  cut: boolean;
}

/** The faults in force, in the order in which they were set. */
export class FaultRules {
  readonly totals: FaultTotals = { accepted: 0, refused: 0, dropped: 0, duplicated: 0, cut: 0 };
  readonly random: () => number;
  readonly #onChange: () => void;
  readonly #rules = new Set<Rule>();

  constructor(random: () => number, onChange: () => void) {
    this.random = random;
    this.#onChange = onChange;
  }

  add(rule: NewRule): Undo {
    const added = { ...rule, scope: rule.scope ?? {} };
    this.#rules.add(added);
    this.#onChange();
    return () => {
      if (this.#rules.delete(added)) this.#onChange();
    };
  }

  clear(): void {
    this.#rules.clear();
    this.#onChange();
  }

  judge(message: FaultMessage): Verdict {
    const verdict: Verdict = { copies: 1, cut: false };
    for (const rule of this.#rules) {
      if (rule.fault !== 'drop' && rule.fault !== 'duplicate' && rule.fault !== 'cut') continue;
      if (!covers(rule.scope, message.connection, message.direction)) continue;
      if (typeof rule.which === 'function' && !rule.which(message)) continue;
      if (rule.left <= 0) continue;
      rule.left -= 1;
      if (rule.left === 0) this.#rules.delete(rule);
      if (rule.fault === 'cut') verdict.cut = true;
      else if (rule.fault === 'duplicate') verdict.copies = 2;
      else {
        this.totals.dropped += 1;
        return { copies: 0, cut: false };
      }
    }
    if (verdict.copies === 2) this.totals.duplicated += 1;
    return verdict;
  }

  /** How long something that arrives now is held, ms, and whether it still is to be: false once the delay was undone. */
  delay(connection: FaultConnection, direction: FaultDirection): { ms: number; holds: () => boolean } {
    const rules = this.#matching('delay', connection, direction);
    const ms = rules.reduce((sum, rule) => sum + draw(rule.ms, this.random), 0);
    return { ms, holds: () => rules.some((rule) => this.#rules.has(rule)) };
  }

  heldBack(connection: FaultConnection, direction: FaultDirection): boolean {
    return this.#matching('reorder', connection, direction).length > 0;
  }

  /** A message passed: what was held back to be overtaken by it may be free now. */
  onPassed(connection: FaultConnection, direction: FaultDirection): void {
    let freed = false;
    for (const rule of this.#rules) {
      if (rule.fault !== 'reorder' || covers(rule.scope, connection, direction)) continue;
      if (rule.scope.direction !== undefined && rule.scope.direction !== direction) continue;
      rule.left -= 1;
      if (rule.left === 0) freed = this.#rules.delete(rule);
    }
    if (freed) this.#onChange();
  }

  halfOpen(connection: FaultConnection): boolean {
    return this.#matching('halfOpen', connection).length > 0;
  }

  /** Bytes per second at which the client reads; null for as fast as it can. */
  readingSpeed(connection: FaultConnection): number | null {
    const speeds = this.#matching('slow', connection).map((rule) => rule.bytesPerSecond);
    return speeds.length > 0 ? Math.min(...speeds) : null;
  }

  get refusesConnections(): boolean {
    return [...this.#rules].some((rule) => rule.fault === 'refuseConnections');
  }

  /** The status that upgrades are answered with; null where they pass. */
  get upgradeRefusal(): number | null {
    for (const rule of this.#rules) if (rule.fault === 'refuseUpgrades') return rule.status;
    return null;
  }

  #matching<F extends Rule['fault']>(fault: F, connection: FaultConnection, direction?: FaultDirection) {
    return [...this.#rules].filter(
      (rule): rule is Extract<Rule, { fault: F }> => rule.fault === fault && covers(rule.scope, connection, direction),
    );
  }
}

export function covers(scope: FaultScope, connection: FaultConnection, direction?: FaultDirection): boolean {
  if (direction !== undefined && scope.direction !== undefined && scope.direction !== direction) return false;
  if (scope.connection === undefined) return true;
  return typeof scope.connection === 'function' ? scope.connection(connection) : scope.connection === connection;
}
