import { v7 as uuidv7 } from 'uuid';
import { ChatError, type Answer, type Message, type MessagePart } from '../../../protocol/index.ts';
import type { BackendEvent, HistoryPage, MessageToSend, PartAction, ThreadPage, ToolDecision } from '../../index.ts';
import type { ThreadHost } from './ThreadHost.ts';
import type { ThreadLog } from './ThreadLog.ts';
import type { ChunkStream, TurnCall } from './TurnPort.ts';
import { TurnAnswers } from './TurnAnswers.ts';

/** An answer whose tools bring it back to the model more often than this is going round in circles. */
const MAX_ROUNDS = 25;

/** A conversation in one session: one question to the far side after the other, and the answer that grows. */
export class TurnThread {
  readonly #log: ThreadLog;
  readonly #host: ThreadHost;
  #loading: Promise<void> | null = null;
  readonly #answers: TurnAnswers;
  readonly #sending = new Map<string, Promise<Message>>();
  /** Questions wait for each other. */
  #queue: Promise<unknown> = Promise.resolve();
  isOpen = false;

  /** @param isKnown it need not be read: it was, or was made here */
  constructor(log: ThreadLog, host: ThreadHost, isKnown: boolean) {
    this.#log = log;
    this.#host = host;
    this.#answers = new TurnAnswers({
      log,
      host,
      call: (signal) => this.#call(signal),
      emit: (event) => this.#emit(event),
      changed: (message) => this.#changed(message),
      done: (messageId) => void this.#goOn(messageId),
    });
    if (isKnown) this.#loading = Promise.resolve();
  }

  async open(afterSeq?: number): Promise<ThreadPage> {
    await this.load();
    this.isOpen = true;
    return this.#log.page(afterSeq, (message) => this.#answers.current(message));
  }

  /** Reads what the far side has, once; a failure is read again. */
  load(): Promise<void> {
    this.#loading ??= this.#load().catch((thrown: unknown) => {
      this.#loading = null;
      throw this.#host.failed(thrown);
    });
    return this.#loading;
  }

  async older(range: { beforeSeq: number; limit: number }): Promise<HistoryPage> {
    const { port } = this.#host;
    const page = this.#log.older(range);
    const first = this.#log.messages[0]?.message;
    if (page.messages.length > 0 || !this.#log.hasOlder || !port.loadOlder || !first) return page;
    try {
      this.#log.prepend(await port.loadOlder(this.#call(this.#host.signal), first.id));
    } catch (thrown) {
      throw this.#host.failed(thrown);
    }
    return this.#log.older(range);
  }

  send({ messageId, parts, replyTo }: MessageToSend): Promise<Message> {
    let sending = this.#sending.get(messageId);
    if (!sending) {
      sending = this.#next(() => this.#send(messageId, parts, replyTo));
      this.#sending.set(messageId, sending);
      sending.catch(() => {}).finally(() => this.#sending.delete(messageId));
    }
    return sending;
  }

  async stop(messageId: string): Promise<Message> {
    if (this.#answers.isGrowing(messageId)) {
      this.#answers.stop();
      await this.#answers.ended;
      const { port, signal } = this.#host;
      await port.stop?.(this.#call(signal));
    }
    return this.#log.require(messageId);
  }

  retry(messageId: string): Promise<Message> {
    if (this.#answers.isGrowing(messageId)) return Promise.resolve(this.resume(messageId));
    return this.#next(async () => {
      const { answer } = this.#log.require(messageId);
      if (this.#host.port.retryDropsLater && this.#log.dropAfter(messageId)) this.#reset();
      return this.#begin('retry', messageId, answer, []);
    });
  }

  decide(messageId: string, { approvalId, approved, reason }: ToolDecision): Promise<Message> {
    return this.#next(async () => {
      const { parts, answer } = this.#log.require(messageId);
      const asked = parts.find((part) => 'approval' in part && part.approval?.id === approvalId);
      if (!asked || !('approval' in asked)) throw new ChatError('bad_request', 'The answer asks no such question.');
      if (asked.state !== 'approval-requested') return this.#log.require(messageId);
      const approval = { ...asked.approval, id: approvalId, approved, ...(reason !== undefined && { reason }) };
      const decided = { ...asked, state: 'approval-responded' as const, approval };
      const now = parts.map((part) => (part === asked ? decided : part));
      const isLast = now.every((part) => !('state' in part) || part.state !== 'approval-requested');
      if (isLast) return this.#begin('go-on', messageId, answer, now);
      return this.#changed(this.#log.change(messageId, { parts: now }));
    });
  }

  act(messageId: string, action: PartAction): Promise<Message> {
    return this.#next(() => {
      const { parts, answer } = this.#log.require(messageId);
      return this.#begin('act', messageId, answer, parts, action);
    });
  }

  async rename(title: string): Promise<void> {
    const { port, signal } = this.#host;
    if (!port.rename) throw new ChatError('action_forbidden', 'This kind of server has no titles.');
    try {
      await port.rename(this.#call(signal), title);
    } catch (thrown) {
      throw this.#host.failed(thrown);
    }
    this.#log.title = title;
  }

  async remove(): Promise<void> {
    const { port, signal } = this.#host;
    if (!port.remove) throw new ChatError('action_forbidden', 'This kind of server deletes no conversations.');
    this.#answers.stop();
    // What it has to say of its end is not to come after the conversation's.
    await this.#answers.ended;
    try {
      await port.remove(this.#call(signal));
    } catch (thrown) {
      throw this.#host.failed(thrown);
    }
    this.close();
  }

  /** The growing answer as it is now. */
  resume(messageId: string): Message {
    return this.#answers.current(this.#log.require(messageId));
  }

  close(): void {
    this.isOpen = false;
    this.#answers.leave();
  }

  #call(signal: AbortSignal): TurnCall {
    return {
      threadId: this.#log.id,
      signal,
      fetch: this.#host.fetch,
      told: (thread) => {
        this.#log.tell(thread);
        this.#host.changed(this.#log.id);
      },
      changed: (messageId, parts) => this.#replace(messageId, [...parts]),
    };
  }

  #replace(messageId: string, parts: MessagePart[]): void {
    if (parts.length > 0) {
      if (this.#log.get(messageId)) this.#changed(this.#log.change(messageId, { parts }));
    } else if (this.#log.drop(messageId)) {
      this.#reset();
      this.#host.port.changed?.(this.#log.id, this.#log.messages);
    }
  }

  async #load(): Promise<void> {
    const { port, signal } = this.#host;
    const call = this.#call(signal);
    if (port.load) this.#log.fill(await port.load(call));
    // A reload in the middle of an answer: it goes on where it is.
    const stream = await port.resume?.(call).catch(() => null);
    if (stream) this.#takeUp(stream);
  }

  /** An answer grows on the far side that began before this page. */
  #takeUp(stream: ChunkStream): void {
    const { last } = this.#log;
    const isAnswer = last?.role === 'assistant' && last.message.answer;
    const to = this.#log.messages.findLast(({ role }) => role === 'user')?.message.id ?? '';
    const message = isAnswer
      ? this.#log.change(last.message.id, { answer: { ...isAnswer, status: 'streaming', run: isAnswer.run + 1 } })
      : this.#append(to, { status: 'streaming', error: null });
    this.#answers.takeUp(message.id, message.answer!, stream);
  }

  /** Runs `work` when what was asked before has its answer. */
  #next<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(async () => {
      await this.load();
      await this.#answers.ended;
      if (this.#host.signal.aborted) throw new ChatError('disposed', 'This session was closed.');
      return work();
    });
    this.#queue = turn.catch(() => {});
    return turn;
  }

  async #send(messageId: string, given: MessageToSend['parts'], to: string | undefined): Promise<Message> {
    const known = this.#log.get(messageId);
    if (known) return known;
    const { me, clock, port } = this.#host;
    const parts = port.take?.(given) ?? (given as MessagePart[]);
    const replyTo = this.#log.quote(to);
    const answerId = uuidv7();
    const seq = 0; // It is given its place once the far side has it.
    const message: Message = {
      ...{ id: messageId, threadId: this.#log.id, seq, version: seq, author: me, parts, createdAt: clock.now() },
      ...{ editedAt: null, deletedAt: null, reactions: [], ...(replyTo && { replyTo }) },
    };
    const answer: Answer = { status: 'streaming', to: messageId, run: 1, at: 0, error: null };
    const asking = this.#answers.ask('send', answerId, answer, [], { more: [{ message, role: 'user' }] });
    const asked = await asking.stream.catch((thrown: unknown) => this.#host.failed(thrown));
    if (ChatError.is(asked) && !asked.code.startsWith('answer_')) throw asked;
    const stored = this.#log.append({ id: messageId, parts, author: me, replyTo });
    this.#emit({ type: 'message.created', message: stored });
    const { message: text } = ChatError.is(asked) ? asked : { message: '' };
    const end = ChatError.is(asked)
      ? ({ status: 'failed', error: { code: asked.code, message: text } } as const)
      : null;
    this.#append(messageId, end ?? { status: 'streaming', error: null }, answerId);
    if (!ChatError.is(asked)) this.#answers.follow(asking.run, answerId, asked);
    return stored;
  }

  #append(to: string, { status, error }: Pick<Answer, 'status' | 'error'>, id: string = uuidv7()): Message {
    const { assistant: author } = this.#host.port;
    const message = this.#log.append({ id, parts: [], author, answer: { status, to, run: 1, at: 0, error } });
    this.#emit({ type: 'message.created', message });
    return message;
  }

  /** The next attempt at an answer that is there. */
  async #begin(
    kind: 'retry' | 'go-on' | 'act',
    id: string,
    { to, run }: Answer,
    parts: MessagePart[],
    action?: PartAction,
  ): Promise<Message> {
    const answer: Answer = { status: 'streaming', to, run: run + 1, at: 0, error: null };
    const asking = this.#answers.ask(kind, id, answer, parts, { action });
    try {
      const stream = await asking.stream;
      const message = this.#changed(this.#log.change(id, { parts, answer }));
      this.#answers.follow(asking.run, id, stream);
      return message;
    } catch (thrown) {
      const error = this.#host.failed(thrown);
      // Said on the answer, where it can be asked for again.
      const failed = { ...answer, status: 'failed' as const, error: { code: error.code, message: error.message } };
      if (kind === 'retry') return this.#changed(this.#log.change(id, { answer: failed }));
      throw error;
    }
  }

  /** What the page's own tools gave goes back to the far side. */
  async #goOn(messageId: string): Promise<void> {
    const { port, signal } = this.#host;
    const ended = this.#log.messages.find(({ message }) => message.id === messageId);
    if (!ended || !port.ended || (ended.message.answer?.run ?? 0) > MAX_ROUNDS) return;
    const parts = await port.ended(ended, this.#call(signal)).catch(() => null);
    if (!parts) return;
    const begin = () => this.#begin('go-on', messageId, this.#log.require(messageId).answer, [...parts]);
    await this.#next(begin).catch(() => {
      // The answer stands as it was; its tools can be asked again by a retry.
    });
  }

  #changed(message: Message): Message {
    this.#emit({ type: 'message.updated', message });
    this.#host.port.changed?.(this.#log.id, this.#log.messages);
    return message;
  }

  #reset(): void {
    this.#emit({ type: 'thread.reset', threadId: this.#log.id });
  }

  #emit(event: BackendEvent): void {
    if (this.isOpen && !this.#host.signal.aborted) this.#host.emit(event);
  }
}
