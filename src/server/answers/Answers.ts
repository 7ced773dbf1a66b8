import {
  ChatError,
  MAX_KEPT_ACTIONS,
  MAX_REASON_LENGTH,
  type ChatUser,
  type DataPart,
  type Handover,
  type Message,
  type ToolPart,
} from '../../protocol/index.ts';
import type { StoredPart } from '../attachments/AttachmentPort.ts';
import type { Clock } from '../clock.ts';
import { topics } from '../fanout/Fanout.ts';
import { toWireMessage } from '../gateway/wire.ts';
import type { MessageKey, StoredMessage } from '../storage/ChatStorage.ts';
import { withoutControls } from '../text.ts';
import { tellApp } from '../tell-app.ts';
import { AnswerRun } from './AnswerRun.ts';
import { Desks } from './Desks.ts';
import { toHistory } from './history.ts';
import { failed, STOPPED } from './Outcome.ts';
import { StoredAnswers, type StoredAnswer, type StoredAnswersPorts } from './StoredAnswers.ts';
import type { AnswerStream, OnAction, OnRating, RatedAnswer, Respond, RespondContext, RespondTo } from './types.ts';

/** An answer that gave no sign of life for so long has nobody who writes it: its server is gone. */
const DEAD_AFTER_MS = 10_000;
const SWEEP_MS = 5_000;
const HISTORY = 50;

export interface AnswerPorts extends StoredAnswersPorts {
  clock: Clock;
  respond: Respond;
  onAction: OnAction | undefined;
  respondTo: RespondTo | undefined;
  onRating: OnRating | undefined;
  /** Asks for a person in a thread, for somebody in it. */
  handOver: (threadId: string, reason: string | null, of: string) => Promise<Handover>;
  /** How long one may take, ms. */
  limitMs: number;
}

/** The assistant: answers in one thread after the other, at most one at a time in each. */
export class Answers {
  readonly #ports: AnswerPorts;
  readonly #stored: StoredAnswers;
  readonly #desks: Desks;
  /** Who wants to know whether a message is answered. */
  readonly #expected = new Map<string, ReturnType<typeof deferred<boolean>>>();
  #cancelSweep: (() => void) | null = null;
  #closed = false;

  constructor(ports: AnswerPorts) {
    this.#ports = ports;
    this.#stored = new StoredAnswers(ports);
    this.#desks = new Desks(ports.logger);
  }

  /** Begins to look for answers that a server left behind when it died. */
  start(): void {
    if (this.#closed || this.#cancelSweep) return;
    this.#cancelSweep = this.#ports.clock.setTimer(() => void this.#sweep(), 0);
  }

  /** A person's message was stored. Not awaited by who sent it. */
  heard(message: Message, user: ChatUser): void {
    if (this.#closed || message.author.id === this.#ports.assistant.id) return this.#settle(message.id, false);
    this.start();
    this.#desks.enqueue(message.threadId, (desk) => {
      // Answered with the newer one.
      if (desk.next) this.#settle(desk.next.messageId, false);
      const work = () => this.#answer(message, user).finally(() => this.#settle(message.id, false));
      desk.next = { messageId: message.id, work };
    });
  }

  /**
   * Whether a message that is about to be sent here gets an answer of its own. Ask before it is sent; `forget` when it was not, or not for the
   * first time.
   */
  expect(messageId: string): { isAnswered: Promise<boolean>; forget: () => void } {
    const expected = this.#expected.get(messageId) ?? deferred<boolean>();
    this.#expected.set(messageId, expected);
    return { isAnswered: expected.promise, forget: () => this.#settle(messageId, false) };
  }

  /** The answer as it is now, further than it is stored where it grows on this node. */
  current(message: Message): Message {
    const run = this.#desks.get(message.threadId)?.run;
    if (run?.messageId !== message.id) return message;
    return { ...message, ...(run.snapshot as Pick<Message, 'parts' | 'answer'>) };
  }

  /** Ends it. Where it grew, it is stored by the time that this resolves. */
  async stop({ threadId, messageId }: MessageKey): Promise<StoredMessage> {
    const desk = this.#desks.get(threadId);
    if (desk?.run?.messageId === messageId) {
      desk.run.end(STOPPED);
      await desk.ended;
    }
    const message = await this.#stored.require({ threadId, messageId });
    if (message.answer.status !== 'streaming') return message;
    // It grows on another node, which sees by its next checkpoint that it is not its any more.
    const { open: _, ...rest } = message.answer;
    const stopped = { parts: message.parts, answer: { ...rest, ...STOPPED } };
    return (
      (await this.#stored.end({ threadId, messageId }, rest, stopped)) ?? this.#stored.require({ threadId, messageId })
    );
  }

  /** Ends whatever grows in a thread, on whichever node: a person has the word. */
  async stopAll(threadId: string): Promise<void> {
    const messageId = this.#desks.get(threadId)?.run?.messageId;
    if (messageId !== undefined) await this.stop({ threadId, messageId });
    for (const { id } of await (await this.#ports.storage()).growingAnswers(threadId)) {
      await this.stop({ threadId, messageId: id });
    }
  }

  /** Has it given anew once it is its turn. */
  async retry(key: MessageKey): Promise<StoredMessage> {
    const message = await this.#stored.require(key);
    if (message.answer.status === 'streaming') return message;
    const { threadId } = key;
    await this.#stored.requireCharge(threadId);
    const begun = deferred<StoredMessage>();
    this.#desks.enqueue(threadId, (desk) =>
      desk.again.push(async () => {
        const stored = (await this.#stored.isInCharge(threadId))
          ? this.#stored.beginAnew(key, message)
          : Promise.resolve(null);
        begun.resolve(stored.then((now) => now ?? message));
        const now = await stored;
        if (now) await this.#run(now);
      }),
    );
    // Behind another one, it begins later; it is told of then as everybody is.
    return this.#desks.get(threadId)?.run ? message : begun.promise;
  }

  /** A person's word on a tool. Once every question is answered, the answer goes on. */
  async decide(
    key: MessageKey,
    { approvalId, approved, reason }: { approvalId: string; approved: boolean; reason?: string },
  ): Promise<StoredMessage> {
    const message = await this.#stored.require(key);
    const isAsked = (part: StoredPart): part is ToolPart => 'approval' in part && part.approval?.id === approvalId;
    const asked = message.parts.find(isAsked);
    if (!asked) throw new ChatError('bad_request', 'The answer asks no such question.');
    if (asked.state !== 'approval-requested' || message.answer.status === 'streaming') return message;
    const approval = { ...asked.approval, id: approvalId, approved, ...(reason !== undefined && { reason }) };
    const decided: ToolPart = { ...asked, state: 'approval-responded', approval };
    const parts = message.parts.map((part) => (part === asked ? decided : part));
    const isLast = parts.every((part) => !('state' in part) || part.state !== 'approval-requested');
    if (isLast) {
      await this.#stored.requireCharge(key.threadId);
      const stored = await this.#stored.begin(key, message.answer, { parts });
      if (stored) this.#desks.enqueue(key.threadId, (desk) => desk.again.push(() => this.#run(stored)));
      return stored ?? this.#stored.require(key);
    }
    const stored = await this.#stored.save(key, message.answer, { parts, answer: message.answer });
    return stored ?? this.#stored.require(key);
  }

  /** What a person did to a part of it: the answer goes on with what the app makes of that. Under the same id it is done once. */
  async act(
    key: MessageKey,
    { partId, actionId, data }: { partId: string; actionId: string; data: unknown },
    user: ChatUser,
  ): Promise<StoredMessage> {
    const { onAction } = this.#ports;
    if (!onAction)
      throw new ChatError('action_forbidden', 'This server is not told what is done to a part of an answer.');
    const message = await this.#stored.require(key);
    const { answer, parts } = message;
    if (answer.acts?.includes(actionId)) return message;
    if (answer.status === 'streaming') throw growing();
    const isMeant = (each: StoredPart): each is DataPart => isData(each) && each.id === partId;
    const part = parts.find(isMeant);
    if (!part) throw new ChatError('bad_request', 'The answer has no such part that one could act on.');
    await this.#stored.requireCharge(key.threadId);
    const acts = [...(answer.acts ?? []), actionId].slice(-MAX_KEPT_ACTIONS);
    const stored = await this.#stored.begin(key, { ...answer, acts }, { parts });
    if (!stored) {
      // Somebody was faster: the same person, by a second request, or another one.
      const now = await this.#stored.require(key);
      if (now.answer.acts?.includes(actionId)) return now;
      throw growing();
    }
    const action = { id: actionId, data };
    const work = () =>
      this.#run(stored, async (context) => {
        const answered = toWireMessage(stored, this.#ports.attachments);
        return (await onAction({ ...context, user, answer: answered, part, action })) ?? nothing();
      });
    this.#desks.enqueue(key.threadId, (desk) => desk.again.push(work));
    return stored;
  }

  /** Somebody said what they think of one. Not awaited by who said it. */
  rated(rated: RatedAnswer): void {
    tellApp(this.#ports.logger, 'onRating', this.#ports.onRating, rated);
  }

  /** What grows is told to have been cut off, and can be asked for again. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelSweep?.();
    for (const messageId of this.#expected.keys()) this.#settle(messageId, false);
    await this.#desks.close((run) => run.end(failed('answer_interrupted', 'The server was closed.')));
  }

  async #answer(message: Message, user: ChatUser): Promise<void> {
    const { respondTo } = this.#ports;
    const { threadId } = message;
    const thread = await this.#stored.thread(threadId);
    const verdict = thread?.handover ? ((await respondTo?.({ message, user, thread })) ?? true) : false;
    if (verdict !== 'always' && !(verdict && (await this.#stored.isInCharge(threadId))))
      return this.#settle(message.id, false);
    const stored = await this.#stored.create(message);
    this.#settle(message.id, true);
    if (stored) await this.#run(stored, undefined, { always: verdict === 'always' });
  }

  /** The first word counts. */
  #settle(messageId: string, isAnswered: boolean): void {
    this.#expected.get(messageId)?.resolve(isAnswered);
    this.#expected.delete(messageId);
  }

  /**
   * @param respond what it is made of; by default, what the app answers
   * @param options.always also where a person is to answer
   */
  async #run(stored: StoredAnswer, respond: Respond = this.#ports.respond, { always = false } = {}): Promise<void> {
    const { id: messageId, threadId, answer } = stored;
    const key = { threadId, messageId };
    const { clock, logger, limitMs, fanout } = this.#ports;
    const run = new AnswerRun(stored, {
      clock,
      logger,
      limitMs,
      publish: (at, chunks) => {
        const frame = { type: 'answer.streamed' as const, threadId, messageId, run: answer.run, at, chunks };
        fanout.publish(topics.thread(threadId), frame).catch((cause: unknown) => {
          logger.warn('A piece of an answer could not be announced; clients ask for it.', { cause });
        });
      },
      checkpoint: async (snapshot) => (await this.#stored.checkpoint(key, answer, snapshot)) !== null,
    });
    const desk = this.#desks.get(threadId)!;
    const ended = deferred<void>();
    Object.assign(desk, { run, ended: ended.promise });
    try {
      // Asked once more now that it is stored as growing: who takes the thread from here on finds it, and stops it.
      if (!always && !(await this.#stored.isInCharge(threadId))) run.end(STOPPED);
      const final = await run.read(async (signal) => respond(await this.#contextOf(stored, signal)));
      if (final) await this.#stored.end(key, { run: answer.run }, final);
    } finally {
      desk.run = null;
      ended.resolve();
    }
  }

  async #contextOf(stored: StoredAnswer, signal: AbortSignal): Promise<RespondContext> {
    const { storage: open, attachments, assistant, handOver } = this.#ports;
    const { threadId } = stored;
    const storage = await open();
    const [thread, asked, messages] = await Promise.all([
      this.#stored.thread(threadId),
      storage.getMessage({ threadId, messageId: stored.answer.to }),
      storage.newestWritten(threadId, HISTORY),
    ]);
    if (!thread || !asked) throw new ChatError('message_not_found', 'What was to be answered is gone.');
    const goesOn = stored.parts.length > 0;
    const known = messages
      .filter(({ id }) => goesOn || id !== stored.id)
      .map((each) => toWireMessage(each, attachments));
    const history = toHistory(known, assistant.id, stored);
    return {
      thread,
      messages: history,
      message: toWireMessage(asked, attachments),
      user: asked.author,
      signal,
      handOver: ({ reason = '' } = {}) =>
        handOver(threadId, withoutControls(String(reason)).trim().slice(0, MAX_REASON_LENGTH) || null, asked.author.id),
    };
  }

  async #sweep(): Promise<void> {
    const { clock, logger } = this.#ports;
    try {
      const storage = await this.#ports.storage();
      for (const { id, threadId, parts, answer } of await storage.staleAnswers(clock.now() - DEAD_AFTER_MS, 100)) {
        if (!answer || this.#desks.get(threadId)?.run?.messageId === id) continue;
        const { open: _, ...rest } = answer;
        const error = { code: 'answer_interrupted', message: 'The server stopped in the middle of the answer.' };
        const key = { threadId, messageId: id };
        await this.#stored.end(key, answer, { parts, answer: { ...rest, status: 'failed', error } });
      }
    } catch (cause) {
      logger.warn('Answers that were left behind could not be looked for.', { cause });
    }
    if (!this.#closed) this.#cancelSweep = clock.setTimer(() => void this.#sweep(), SWEEP_MS);
  }
}

function growing(): ChatError {
  return new ChatError('answer_growing', 'The answer grows at this moment.');
}

function isData(part: StoredPart): part is DataPart {
  return part.type.startsWith('data-');
}

/** An answer that stays as it is. */
async function* nothing(): AnswerStream & AsyncGenerator<{ type: string }> {
  yield await Promise.resolve({ type: 'finish' });
}

function deferred<T>() {
  let resolve!: (value: T | PromiseLike<T>) => void;
  const promise = new Promise<T>((onResolve) => {
    resolve = onResolve;
  });
  return { promise, resolve };
}
