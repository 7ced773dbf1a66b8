import { setTimeout as sleep } from 'node:timers/promises';
import { dialects, type Dialect, type DialectName } from './Dialect.ts';
import { RawSocket } from './RawSocket.ts';
import type { Scenario } from './Scenario.ts';

/** So many connections are opened at once. */
const BATCH = 25;
/** How long what is under way at the end may take to arrive. */
const DRAIN_MS = 10_000;
const TICK_MS = 5;
const MARK = '@';
const MARK_BYTE = MARK.charCodeAt(0);
const DIGITS = 9;
/** Makes a text of about 120 characters. */
const FILLER = ' a message of the length that people write, with a comma or two, and nothing else that would matter';

interface Member {
  socket: RawSocket;
  thread: string;
  isSender: boolean;
}

/** All the clients of one server, in one process: they count, and take the time. */
export class Load {
  readonly #dialect: Dialect;
  readonly #scenario: Scenario;
  readonly #members: Member[] = [];
  readonly #senders: Member[] = [];
  /** Who sent each message, and when (ms), by its serial number. */
  #sent: { by: Member; at: number }[] = [];
  #deliveries = 0;
  #latencies: number[] | null = null;
  /** At full load the next message is sent when a sender has heard its own. */
  #isFull = false;
  #failure: Error | null = null;

  private constructor(dialect: Dialect, scenario: Scenario) {
    this.#dialect = dialect;
    this.#scenario = scenario;
  }

  static async open(port: number, name: DialectName, scenario: Scenario): Promise<Load> {
    const load = new Load(dialects[name], scenario);
    const count = scenario.threads * scenario.membersPerThread;
    for (let from = 0; from < count; from += BATCH) {
      const indexes = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => from + i);
      await Promise.all(indexes.map((index) => load.#join(port, index)));
    }
    load.#senders.push(...load.#members.filter(({ isSender }) => isSender));
    return load;
  }

  /** As much as the server takes, for `ms`, and on until `atLeast` messages were sent or ten times as long has passed. */
  async full(ms: number, atLeast = 0): Promise<{ messages: number; deliveries: number; seconds: number }> {
    const begin = this.#begin();
    this.#isFull = true;
    for (let i = 0; i < this.#scenario.underWay; i += 1) this.#sendNext();
    await sleep(ms);
    while (this.#sent.length < atLeast && performance.now() - begin < 10 * ms) await sleep(TICK_MS);
    this.#isFull = false;
    await this.#drain();
    const seconds = (performance.now() - begin) / 1_000;
    return { messages: this.#sent.length, deliveries: this.#deliveries, seconds };
  }

  /** A fixed number of messages per second, for `ms`; how long each delivery took. */
  async paced(ms: number, messagesPerSecond: number): Promise<{ p50: number; p99: number; deliveries: number }> {
    const begin = this.#begin();
    const latencies = (this.#latencies = []);
    while (performance.now() - begin < ms) {
      const due = ((performance.now() - begin) / 1_000) * messagesPerSecond;
      while (this.#sent.length < due) this.#sendNext();
      await sleep(TICK_MS);
    }
    await this.#drain();
    this.#latencies = null;
    latencies.sort((a, b) => a - b);
    return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), deliveries: latencies.length };
  }

  #begin(): number {
    this.#sent = [];
    this.#deliveries = 0;
    return performance.now();
  }

  /** Until every member has every message: a figure that left some out would be none. */
  async #drain(): Promise<void> {
    const expected = () => this.#sent.length * this.#scenario.membersPerThread;
    for (let waited = 0; this.#deliveries < expected(); waited += TICK_MS) {
      if (this.#failure) throw this.#failure;
      if (waited > DRAIN_MS) throw new Error(`Only ${this.#deliveries} of ${expected()} deliveries came.`);
      await sleep(TICK_MS);
    }
  }

  async #join(port: number, index: number): Promise<void> {
    const { membersPerThread, sendersPerThread } = this.#scenario;
    const thread = `t${Math.floor(index / membersPerThread)}`;
    const token = (await this.#dialect.token?.(port, `u${index}`)) ?? '';
    const socket = await RawSocket.open(port, this.#dialect.path);
    for (const { say, hear } of this.#dialect.greeting({ token, thread })) {
      const heard = hears(socket, hear);
      if (say) socket.send(say);
      await heard;
    }
    const member = { socket, thread, isSender: index % membersPerThread < sendersPerThread };
    this.#members[index] = member;
    socket.listen(this.#listener(member), (why) => (this.#failure = why));
  }

  #listener(member: Member): (buffer: Buffer, start: number, end: number) => void {
    const { delivery, keepAlive } = this.#dialect;
    return (buffer, start, end) => {
      if (!beginsWith(buffer, start, end, delivery)) {
        if (keepAlive && beginsWith(buffer, start, end, keepAlive.hear)) member.socket.send(keepAlive.say);
        return;
      }
      this.#deliveries += 1;
      if (!this.#latencies && !(this.#isFull && member.isSender)) return;
      const mark = buffer.indexOf(MARK_BYTE, start) + 1;
      const serial = Number(buffer.toString('latin1', mark, mark + DIGITS));
      const sent = this.#sent[serial];
      this.#latencies?.push(performance.now() - (sent?.at ?? NaN));
      if (this.#isFull && sent?.by === member) this.#sendNext();
    };
  }

  /** The senders take turns. */
  #sendNext(): void {
    const serial = this.#sent.length;
    const sender = this.#senders[serial % this.#senders.length];
    if (!sender) return;
    this.#sent.push({ by: sender, at: performance.now() });
    const text = `${MARK}${String(serial).padStart(DIGITS, '0')}${MARK}${FILLER}`;
    sender.socket.send(this.#dialect.send({ thread: sender.thread, text, serial }));
  }
}

function hears(socket: RawSocket, beginning: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.listen((buffer, start, end) => {
      if (beginsWith(buffer, start, end, beginning)) resolve();
      else if (buffer.toString('latin1', start, end).includes('refused'))
        reject(new Error(buffer.toString('latin1', start, end)));
    }, reject);
  });
}

function beginsWith(buffer: Buffer, start: number, end: number, text: string): boolean {
  return end - start >= text.length && buffer.toString('latin1', start, start + text.length) === text;
}

function quantile(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
