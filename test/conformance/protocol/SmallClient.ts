/** A whole client, written from docs/protocol.md and from nothing else. Small on purpose: it is there to show that the page suffices. */
import type { ClientFrame, End, Line, Member, Message, OpenLine, Refusal, ServerFrame, Thread } from './lines.ts';

export interface SmallClientOptions {
  base: string;
  openLine: OpenLine;
  /** The app's own credentials, for the token endpoint. */
  credentials: Record<string, string>;
}

/** What is known of one thread. */
interface Log {
  /** The place in the log up to which everything is known. */
  known: number;
  messages: Map<string, Message>;
  resuming: Promise<void> | null;
}

export class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(`${refusal.code}: ${refusal.message}`);
    this.refusal = refusal;
  }
}

export class SmallClient {
  readonly #options: SmallClientOptions;
  readonly #logs = new Map<string, Log>();
  readonly #pending = new Map<number, { resolve: (frame: ServerFrame) => void; reject: (error: Error) => void }>();
  #line: Line | null = null;
  #token = '';
  #nextRequestId = 0;
  /** Every frame that answered nothing, for a test to look at. */
  readonly events: ServerFrame[] = [];
  /** How many times a live message did not join and the thread was asked for again. */
  holes = 0;
  renewals = 0;
  user: string | null = null;
  ended: Promise<End> = new Promise(() => {});

  constructor(options: SmallClientOptions) {
    this.#options = options;
  }

  /** Connects, and resumes every thread that was open before. Rejects with an {@link End} when the connection is refused. */
  async connect(token?: string): Promise<void> {
    this.#token = token ?? (await this.#fetchToken());
    let end!: (end: End) => void;
    this.ended = new Promise((resolve) => (end = resolve));
    await new Promise<void>((resolve, reject) => {
      this.#line = this.#options.openLine(this.#options.base, this.#token, {
        onFrame: (frame) => {
          if (frame.type === 'auth.accepted') {
            this.user = frame.user?.id ?? null;
            resolve();
          } else this.#receive(frame);
        },
        onEnd: (how) => {
          this.#line = null;
          for (const { reject: fail } of this.#pending.values()) fail(new Error(`The connection ended: ${how.code}`));
          this.#pending.clear();
          end(how);
          // An end is no Error, and the test wants to see it as it is.
          reject(Object.assign(new Error(`Closed with ${how.code}`), how));
        },
      });
    });
    await Promise.all([...this.#logs].map(([threadId, log]) => this.#resume(threadId, log)));
  }

  drop(): void {
    this.#line?.drop();
  }

  send(frame: ClientFrame): void {
    if (!this.#line) throw new Error('Not connected');
    this.#line.send(frame, this.#token);
  }

  /** Sends a request. @throws {Refused} */
  request(frame: ClientFrame): Promise<ServerFrame> {
    const requestId = this.#nextRequestId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(requestId, { resolve, reject });
      this.send({ ...frame, requestId });
    });
  }

  async open(threadId: string): Promise<Thread> {
    const answer = await this.request({ type: 'thread.subscribe', threadId });
    const log: Log = { known: answer.lastSeq!, messages: new Map(), resuming: null };
    this.#logs.set(threadId, log);
    for (const message of answer.messages!) this.#merge(log, message);
    return answer.thread!;
  }

  /** Texts as they are shown: in the order of `seq`, deleted ones as null. */
  shown(threadId: string): (string | null)[] {
    return this.messages(threadId).map(({ parts, deletedAt }) => (deletedAt === null ? (parts[0]?.text ?? '') : null));
  }

  messages(threadId: string): Message[] {
    return [...this.#logs.get(threadId)!.messages.values()].sort((a, b) => a.seq - b.seq);
  }

  known(threadId: string): number {
    return this.#logs.get(threadId)!.known;
  }

  async say(threadId: string, text: string, messageId: string = crypto.randomUUID()): Promise<Message> {
    return this.#change({ type: 'message.send', threadId, messageId, parts: [{ type: 'text', text }] });
  }

  async edit(threadId: string, messageId: string, text: string): Promise<Message> {
    return this.#change({ type: 'message.edit', threadId, messageId, parts: [{ type: 'text', text }] });
  }

  async erase(threadId: string, messageId: string): Promise<Message> {
    return this.#change({ type: 'message.delete', threadId, messageId });
  }

  async react(threadId: string, messageId: string, emoji: string, how: 'add' | 'remove' = 'add'): Promise<Message> {
    return this.#change({ type: `reaction.${how}`, threadId, messageId, emoji });
  }

  async members(threadId: string): Promise<Member[]> {
    const all: Member[] = [];
    for (let cursor: string | undefined | null; cursor !== null;) {
      const page = await this.request({ type: 'member.list', threadId, cursor });
      all.push(...page.members!);
      cursor = page.nextCursor ?? null;
    }
    return all;
  }

  /** The next token, on the same connection. */
  async renew(token?: string): Promise<number> {
    const next = token ?? (await this.#fetchToken());
    const { expiresInMs } = await this.request({ type: 'auth.renew', token: next });
    this.#token = next;
    this.renewals += 1;
    return expiresInMs!;
  }

  /** Answers are merged, but only live messages and `thread.subscribed` move the known place. */
  async #change(frame: ClientFrame & { threadId: string }): Promise<Message> {
    const { message } = await this.request(frame);
    const log = this.#logs.get(frame.threadId);
    if (log) this.#merge(log, message!);
    return message!;
  }

  async #fetchToken(): Promise<string> {
    const { base, credentials } = this.#options;
    const headers = { ...credentials, 'content-type': 'application/json' };
    const response = await fetch(`${base}/token`, { method: 'POST', headers, body: '{}' });
    if (!response.ok) throw new Error(`No token: ${response.status}`);
    return ((await response.json()) as { token: string }).token;
  }

  #receive(frame: ServerFrame): void {
    const pending = typeof frame.requestId === 'number' ? this.#pending.get(frame.requestId) : undefined;
    if (pending) {
      this.#pending.delete(frame.requestId!);
      if (frame.type === 'request.refused') pending.reject(new Refused(frame.error!));
      else pending.resolve(frame);
      return;
    }
    this.events.push(frame);
    if (frame.type === 'message.created' || frame.type === 'message.updated') this.#follow(frame.message!);
    if (frame.type === 'auth.expiring') this.renew().catch(() => {});
    // Frames that this client does not know are ignored.
  }

  #follow(message: Message): void {
    const log = this.#logs.get(message.threadId);
    if (!log) return;
    this.#merge(log, message);
    if (message.version === log.known + 1) log.known += 1;
    else if (message.version > log.known) {
      this.holes += 1;
      log.resuming ??= this.#resume(message.threadId, log)
        .catch(() => {})
        .finally(() => (log.resuming = null));
    }
  }

  async #resume(threadId: string, log: Log): Promise<void> {
    const answer = await this.request({ type: 'thread.subscribe', threadId, afterSeq: log.known });
    if (answer.gap) log.messages.clear();
    for (const message of answer.messages!) this.#merge(log, message);
    log.known = answer.lastSeq!;
  }

  #merge(log: Log, message: Message): void {
    const held = log.messages.get(message.id);
    if (!held || held.version < message.version) log.messages.set(message.id, message);
  }
}
