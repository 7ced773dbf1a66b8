import { MAX_RECEIPTS, type Receipt } from '../../protocol/index.ts';
import type { Clock } from '../clock.ts';
import { topics, type Fanout } from '../fanout/Fanout.ts';
import { firstThatFit } from './pages.ts';

/** Between two tellings of who has read how far in one thread. */
const QUIET_MS = 1_000;
/** In a thread where so many read at once, nobody watches each of them: told this much less often. */
const CROWD = 20;
const CROWD_QUIET_MS = 5_000;

interface Pending {
  /** By person, the furthest place. */
  receipts: Map<string, Receipt>;
  /** Nothing is told before it has run; null while nothing was told lately. */
  cancel: (() => void) | null;
}

type Ports = { fanout: Fanout; clock: Clock };

/**
 * Tells a thread’s listeners who has read how far: the first at once, those that follow together. A message in a thread of a thousand
 * readers is a thousand receipts, and each told to each would be a million frames.
 */
class ReceiptNews {
  readonly #ports: Ports;
  readonly #threads = new Map<string, Pending>();

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  tell(threadId: string, receipt: Receipt, onError: (cause: unknown) => void): void {
    let pending = this.#threads.get(threadId);
    if (!pending) this.#threads.set(threadId, (pending = { receipts: new Map(), cancel: null }));
    const { id } = receipt.user;
    if ((pending.receipts.get(id)?.readSeq ?? -1) < receipt.readSeq) pending.receipts.set(id, receipt);
    if (!pending.cancel) this.#flush(threadId, pending, onError);
  }

  #flush(threadId: string, pending: Pending, onError: (cause: unknown) => void): void {
    const { receipts } = pending;
    if (receipts.size === 0) return void this.#threads.delete(threadId);
    pending.receipts = new Map();
    pending.cancel = this.#ports.clock.setTimer(
      () => {
        pending.cancel = null;
        this.#flush(threadId, pending, onError);
      },
      receipts.size > CROWD ? CROWD_QUIET_MS : QUIET_MS,
    );
    const furthest = [...receipts.values()].sort((a, b) => b.readSeq - a.readSeq).slice(0, MAX_RECEIPTS);
    this.#ports.fanout
      .publish(topics.thread(threadId), { type: 'receipt.updated', threadId, receipts: firstThatFit(furthest) })
      .catch(onError);
  }
}

/** One for each node: that is what a fan-out is to the parts of a server. */
const news = new WeakMap<Fanout, ReceiptNews>();

export function announceReceipt(
  ports: Ports,
  threadId: string,
  receipt: Receipt,
  onError: (cause: unknown) => void,
): void {
  let own = news.get(ports.fanout);
  if (!own) news.set(ports.fanout, (own = new ReceiptNews(ports)));
  own.tell(threadId, receipt, onError);
}
