import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import {
  createChatClient,
  createHttpTokenFetcher,
  latchkitBackend,
  type ChatClient,
  type MessageEntry,
  type PageSignal,
  type PageSignals,
  type SocketConstructor,
  type ThreadHandle,
} from '../../src/client/index.ts';
import { Random } from '../support/Random.ts';
import { newRecording, recordingBackend } from './recording-backend.ts';
import { toRow } from './rows.ts';
import type { ClientConfig, ClientReport, ClientStatus, Intent } from './types.ts';
import { Watch } from './Watch.ts';

const EMOJI = ['👍', '❤️', '🎉'];
/** Long enough for a message to have been stored and shown, so that changes meet messages of all ages. */
const RECENT = 40;

/** A person at a client: writes, changes what was written, looks at everything, and remembers what was meant. */
export class ChaosClient {
  readonly #config: ClientConfig;
  readonly #random: Random;
  readonly #client: ChatClient;
  readonly #recording = newRecording();
  readonly #threads: ThreadHandle[];
  readonly #watch = new Watch();
  readonly #written = new Map<string, Intent>();
  readonly #reactions = new Map<string, boolean>();
  readonly #errors = new Map<string, number>();
  readonly #signals = new Set<(signal: PageSignal) => void>();
  readonly #release: (() => void)[] = [];
  #writing = true;
  #edits = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(config: ClientConfig) {
    this.#config = config;
    this.#random = new Random(config.seed);
    const { url, userId, transport } = config;
    const asUser: typeof fetch = (input, init) =>
      fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), 'x-user': userId } });
    const signals: PageSignals = {
      online: () => true,
      visible: () => true,
      subscribe: (listener) => {
        this.#signals.add(listener);
        return () => this.#signals.delete(listener);
      },
    };
    const inner = latchkitBackend({ url, transport, signals, WebSocket: WebSocket as unknown as SocketConstructor });
    this.#client = createChatClient({
      url,
      userId,
      signals,
      tabs: false,
      fetchToken: createHttpTokenFetcher({ url, fetch: asUser }),
      backend: recordingBackend(inner, this.#recording),
      onError: ({ code, message }) => count(this.#errors, `${code}: ${message}`),
    });
    this.#threads = config.threadIds.map((id) => this.#client.thread(id));
    for (const thread of this.#threads) {
      this.#release.push(thread.subscribe(() => this.#watch.look(thread.id, thread.get().messages)));
    }
    this.#release.push(this.#client.retain());
    this.#next();
  }

  /** The page is looked at again: whatever waits tries at once. */
  wake(): void {
    for (const listener of [...this.#signals]) listener('wake');
  }

  stop(): void {
    this.#writing = false;
    clearTimeout(this.#timer);
  }

  status(): ClientStatus {
    const entries = this.#threads.flatMap((thread) => thread.get().messages);
    return {
      userId: this.#config.userId,
      connected: this.#client.connection.get().status === 'connected',
      unanswered: entries.filter(({ delivery, change }) => delivery === 'sending' || change?.status === 'saving')
        .length,
      threadsReady: this.#threads.every((thread) => thread.get().status === 'ready'),
    };
  }

  async collect(): Promise<ClientReport> {
    for (const thread of this.#threads) {
      const end = Date.now() + 60_000;
      while (thread.get().hasOlder && Date.now() < end) {
        await thread.loadOlder();
        // The server lets 20 frames a second pass.
        await sleep(60);
      }
    }
    const own = this.#threads.flatMap((thread) => thread.get().messages);
    return {
      userId: this.#config.userId,
      written: [...this.#written],
      acknowledged: [...this.#recording.acknowledged],
      changed: [...this.#recording.changed],
      reactions: [...this.#reactions],
      shown: [...this.#watch.shown],
      unsent: own.flatMap(({ message, delivery }) => (delivery === 'sent' ? [] : [[message.id, delivery]])),
      unsaved: own.flatMap(({ message, change }) =>
        change ? [`${message.id} ${change.type} ${change.status} ${change.error?.code ?? ''}`] : [],
      ),
      violations: this.#watch.violations,
      errors: [...this.#errors],
      threads: this.#threads.map((thread) => [
        thread.id,
        thread.get().messages.flatMap(({ message, delivery }) => (delivery === 'sent' ? [toRow(message)] : [])),
      ]),
      counts: this.#recording.counts,
    };
  }

  end(): void {
    this.stop();
    for (const release of this.#release) release();
    this.#client.dispose();
  }

  #next(): void {
    // A Poisson process: pauses of all lengths around their mean.
    const pause = -Math.log(1 - this.#random.next()) * this.#config.meanPauseMs;
    this.#timer = setTimeout(() => {
      if (!this.#writing) return;
      this.#act();
      this.#next();
    }, pause);
  }

  #act(): void {
    const thread = this.#random.pick(this.#threads);
    if (this.#random.next() < 0.12) this.wake();
    const act = this.#config.changes
      ? this.#random.weighted([
          [70, 'write'],
          [8, 'edit'],
          [4, 'delete'],
          [14, 'react'],
          [4, 'unreact'],
        ] as const)
      : 'write';
    if (act === 'write') return this.#write(thread);
    const recent = thread.get().messages.slice(-RECENT);
    if (act === 'edit' || act === 'delete') return this.#change(thread, act, recent);
    this.#react(thread, act, recent);
  }

  #write(thread: ThreadHandle): void {
    const text = `${this.#config.userId} ${this.#written.size}`;
    this.#written.set(thread.send(text), { threadId: thread.id, text, deleted: false });
  }

  #change(thread: ThreadHandle, act: 'edit' | 'delete', recent: MessageEntry[]): void {
    const entry = this.#random.pickIfAny(recent.filter(({ mine, delivery }) => mine && delivery === 'sent'));
    const intent = entry && this.#written.get(entry.message.id);
    if (!entry || !intent || intent.deleted) return;
    if (act === 'delete') {
      intent.deleted = true;
      intent.text = '';
      return thread.delete(entry.message.id);
    }
    intent.text = `${intent.text.split(',', 1)[0]}, edited ${(this.#edits += 1)}`;
    thread.edit(entry.message.id, intent.text);
  }

  #react(thread: ThreadHandle, act: 'react' | 'unreact', recent: MessageEntry[]): void {
    const entry = this.#random.pickIfAny(
      recent.filter(({ message, delivery }) => delivery === 'sent' && message.deletedAt === null),
    );
    const emoji = this.#random.pick(EMOJI);
    if (!entry) return;
    this.#reactions.set(`${entry.message.id} ${emoji}`, act === 'react');
    thread[act](entry.message.id, emoji);
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
