import {
  ChatError,
  MAX_KEPT_ACTIONS,
  MAX_REASON_LENGTH,
  textOf,
  type Answer,
  type ChatUser,
  type DataPart,
  type Handover,
  type Message,
  type ToolPart,
} from '../../protocol/index.ts';
import type { StoredPart } from '../attachments/AttachmentPort.ts';
import type { Clock } from '../clock.ts';
import { topics, type Fanout } from '../fanout/Fanout.ts';
import { announceInLists, announceMessage } from '../gateway/announce.ts';
import { toWireMessage, toWireThread } from '../gateway/wire.ts';
import type { AttachmentPort } from '../attachments/AttachmentPort.ts';
import type { AnswerHistory, ChatStorage, MessageKey, StoredMessage } from '../storage/ChatStorage.ts';
import type { Logger, ServerThread } from '../types.ts';
import { withoutControls } from '../text.ts';
import { tellApp } from '../tell-app.ts';
import { answerIdOf } from './answer-id.ts';
import { nextHistory } from './attempts.ts';
import { AnswerRun, type Snapshot } from './AnswerRun.ts';
import { toHistory } from './history.ts';
import { failed, STOPPED } from './Outcome.ts';
import type {
  AnswerStream,
  Assistant,
  OnAction,
  OnRating,
  RatedAnswer,
  Respond,
  RespondContext,
  RespondTo,
} from './types.ts';

/** An answer that gave no sign of life for so long has nobody who writes it: its server is gone. */
const DEAD_AFTER_MS = 10_000;
const SWEEP_MS = 5_000;
const HISTORY = 50;

export interface AnswerPorts {
  storage: () => Promise<ChatStorage>;
  fanout: Fanout;
  attachments: AttachmentPort | undefined;
  logger: Logger;
  clock: Clock;
  respond: Respond;
  onAction: OnAction | undefined;
  respondTo: RespondTo | undefined;
  onRating: OnRating | undefined;
  assistant: Assistant;
  /** Asks for a person in a thread, for somebody in it. */
  handOver: (threadId: string, reason: string | null, of: string) => Promise<Handover>;
  /** How long one may take, ms. */
  limitMs: number;
}

type Stored = StoredMessage & { answer: Answer };
type Job = () => Promise<void>;
type Begun = Pick<Answer, 'to' | 'run' | 'acts'>;

interface Desk {
  run: AnswerRun | null;
  /** Resolves when that one's end is stored. */
  ended: Promise<void>;
  /** The newest message that waits for an answer: those before it are answered with it. */
  next: { messageId: string; work: Job } | null;
  /** Answers that are to be given anew. */
  again: Job[];
}

/** The assistant: answers in one thread after the other, at most one at a time in each. */
export class Answers {
  readonly #ports: AnswerPorts;
  readonly #desks = new Map<string, Desk>();
  readonly #working = new Set<Promise<void>>();
  /** Who wants to know whether a message is answered. */
  readonly #expected = new Map<string, ReturnType<typeof deferred<boolean>>>();
  #cancelSweep: (() => void) | null = null;
  #introduced: Promise<void> | null = null;
  #closed = false;

  constructor(ports: AnswerPorts) {
    this.#ports = ports;
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
    this.#enqueue(message.threadId, (desk) => {
      // Answered with the newer one.
      if (desk.next) this.#settle(desk.next.messageId, false);
      desk.next = { messageId: message.id, work: () => this.#answer(message, user) };
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
    const message = await this.#require({ threadId, messageId });
    if (message.answer.status !== 'streaming') return message;
    // It grows on another node, which sees by its next checkpoint that it is not its any more.
    const { open: _, ...rest } = message.answer;
    const stopped = { parts: message.parts, answer: { ...rest, ...STOPPED } };
    return (await this.#end({ threadId, messageId }, rest, stopped)) ?? this.#require({ threadId, messageId });
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
    const message = await this.#require(key);
    if (message.answer.status === 'streaming') return message;
    const { threadId } = key;
    await this.#requireCharge(threadId);
    const begun = deferred<StoredMessage>();
    this.#enqueue(threadId, (desk) =>
      desk.again.push(async () => {
        const stored = (await this.#isInCharge(threadId)) ? this.#again(key, message) : Promise.resolve(null);
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
    const message = await this.#require(key);
    const isAsked = (part: StoredPart): part is ToolPart => 'approval' in part && part.approval?.id === approvalId;
    const asked = message.parts.find(isAsked);
    if (!asked) throw new ChatError('bad_request', 'The answer asks no such question.');
    if (asked.state !== 'approval-requested' || message.answer.status === 'streaming') return message;
    const approval = { ...asked.approval, id: approvalId, approved, ...(reason !== undefined && { reason }) };
    const decided: ToolPart = { ...asked, state: 'approval-responded', approval };
    const parts = message.parts.map((part) => (part === asked ? decided : part));
    const isLast = parts.every((part) => !('state' in part) || part.state !== 'approval-requested');
    if (isLast) {
      await this.#requireCharge(key.threadId);
      const stored = await this.#begin(key, message.answer, { parts });
      if (stored) this.#enqueue(key.threadId, (desk) => desk.again.push(() => this.#run(stored)));
      return stored ?? this.#require(key);
    }
    const stored = await this.#save(key, message.answer, { parts, answer: message.answer });
    return stored ?? this.#require(key);
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
    const message = await this.#require(key);
    const { answer, parts } = message;
    if (answer.acts?.includes(actionId)) return message;
    if (answer.status === 'streaming') throw growing();
    const isMeant = (each: StoredPart): each is DataPart => isData(each) && each.id === partId;
    const part = parts.find(isMeant);
    if (!part) throw new ChatError('bad_request', 'The answer has no such part that one could act on.');
    await this.#requireCharge(key.threadId);
    const acts = [...(answer.acts ?? []), actionId].slice(-MAX_KEPT_ACTIONS);
    const stored = await this.#begin(key, { ...answer, acts }, { parts });
    if (!stored) {
      // Somebody was faster: the same person, by a second request, or another one.
      const now = await this.#require(key);
      if (now.answer.acts?.includes(actionId)) return now;
      throw growing();
    }
    const action = { id: actionId, data };
    const work = () =>
      this.#run(stored, async (context) => {
        const answered = toWireMessage(stored, this.#ports.attachments);
        return (await onAction({ ...context, user, answer: answered, part, action })) ?? nothing();
      });
    this.#enqueue(key.threadId, (desk) => desk.again.push(work));
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
    for (const desk of this.#desks.values()) {
      desk.next = null;
      desk.again = [];
      desk.run?.end(failed('answer_interrupted', 'The server was closed.'));
    }
    await Promise.all(this.#working);
  }

  #enqueue(threadId: string, put: (desk: Desk) => void): void {
    const known = this.#desks.get(threadId);
    const desk = known ?? { run: null, ended: Promise.resolve(), next: null, again: [] };
    put(desk);
    if (known) return;
    this.#desks.set(threadId, desk);
    const work = this.#workOff(desk).finally(() => {
      this.#desks.delete(threadId);
      this.#working.delete(work);
    });
    this.#working.add(work);
  }

  async #workOff(desk: Desk): Promise<void> {
    for (;;) {
      const again = desk.again.shift();
      const next = again ? null : desk.next;
      if (!again) desk.next = null;
      const job = again ?? next?.work;
      if (!job || this.#closed) return;
      try {
        await job();
      } catch (cause) {
        this.#ports.logger.error('An answer could not be stored.', { cause });
      }
      if (next) this.#settle(next.messageId, false);
    }
  }

  async #answer(message: Message, user: ChatUser): Promise<void> {
    const { assistant, respondTo } = this.#ports;
    const { threadId } = message;
    const thread = await this.#thread(threadId);
    const verdict = thread?.handover ? ((await respondTo?.({ message, user, thread })) ?? true) : false;
    if (verdict !== 'always' && !(verdict && (await this.#isInCharge(threadId))))
      return this.#settle(message.id, false);
    await (this.#introduced ??= this.#introduce());
    const storage = await this.#ports.storage();
    const id = answerIdOf(message.id);
    // The message was sent again after a time-out, or to another node: it has its answer.
    if (await storage.getMessage({ threadId, messageId: id })) return this.#settle(message.id, true);
    const answer: Answer = { status: 'streaming', to: message.id, run: 1, at: 0, error: null };
    const asked = textOf(message.parts);
    const stored = await storage.appendMessage({ id, threadId, authorId: assistant.id, parts: [], answer, asked });
    await this.#announce('message.created', stored);
    this.#settle(message.id, true);
    await this.#run(stored as Stored, undefined, { always: verdict === 'always' });
  }

  async #isInCharge(threadId: string): Promise<boolean> {
    return (await (await this.#ports.storage()).getThread(threadId))?.handover.state === 'assistant';
  }

  /** @throws {ChatError} `handover_active` */
  async #requireCharge(threadId: string): Promise<void> {
    if (await this.#isInCharge(threadId)) return;
    throw new ChatError('handover_active', 'A person is to answer here, so the assistant does not.');
  }

  /** The first word counts. */
  #settle(messageId: string, isAnswered: boolean): void {
    this.#expected.get(messageId)?.resolve(isAnswered);
    this.#expected.delete(messageId);
  }

  async #introduce(): Promise<void> {
    const { id, name, avatarUrl = null } = this.#ports.assistant;
    await (await this.#ports.storage()).upsertUser({ id, name, avatarUrl });
  }

  /** An attempt from nothing: what was said before is kept beside it. */
  async #again(key: MessageKey, message: Stored): Promise<Stored | null> {
    const { threadId } = key;
    const asked = await (await this.#ports.storage()).getMessage({ threadId, messageId: message.answer.to });
    const history = nextHistory(message, textOf(asked?.parts ?? []));
    return this.#begin(key, message.answer, { parts: [], history });
  }

  /** The next attempt, as it is stored before its first chunk. Null when the answer is another one by now. */
  #begin(
    key: MessageKey,
    { to, run, acts }: Begun,
    change: { parts: StoredPart[]; history?: AnswerHistory },
  ): Promise<Stored | null> {
    const answer: Answer = { status: 'streaming', to, run: run + 1, at: 0, error: null, ...(acts && { acts }) };
    return this.#save(key, { run }, { answer, ...change });
  }

  /**
   * @param respond what it is made of; by default, what the app answers
   * @param options.always also where a person is to answer
   */
  async #run(stored: Stored, respond: Respond = this.#ports.respond, { always = false } = {}): Promise<void> {
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
      checkpoint: async (snapshot) => {
        const storage = await this.#ports.storage();
        return (await storage.saveAnswer({ ...key, ...snapshot, was: answer.run }, { takePlace: false })) !== null;
      },
    });
    const desk = this.#desks.get(threadId)!;
    const ended = deferred<void>();
    Object.assign(desk, { run, ended: ended.promise });
    try {
      // Asked once more now that it is stored as growing: who takes the thread from here on finds it, and stops it.
      if (!always && !(await this.#isInCharge(threadId))) run.end(STOPPED);
      const final = await run.read(async (signal) => respond(await this.#contextOf(stored, signal)));
      if (final) await this.#end(key, { run: answer.run }, final);
    } finally {
      desk.run = null;
      ended.resolve();
    }
  }

  async #contextOf(stored: Stored, signal: AbortSignal): Promise<RespondContext> {
    const { storage: open, attachments, assistant, handOver } = this.#ports;
    const { threadId } = stored;
    const storage = await open();
    const [thread, asked, messages] = await Promise.all([
      this.#thread(threadId),
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

  /** The end of an attempt. Null when it has ended already: the first word counts, on whichever node it was said. */
  #end(key: MessageKey, was: Pick<Answer, 'run'>, snapshot: Snapshot): Promise<Stored | null> {
    return this.#save(key, was, snapshot, { growing: true });
  }

  async #save(
    key: MessageKey,
    { run }: Pick<Answer, 'run'>,
    snapshot: Snapshot & { history?: AnswerHistory },
    { growing = false } = {},
  ): Promise<Stored | null> {
    const storage = await this.#ports.storage();
    const stored = await storage.saveAnswer({ ...key, ...snapshot, was: run }, { takePlace: true, growing });
    if (stored) await this.#announce('message.updated', stored);
    return stored as Stored | null;
  }

  async #announce(type: 'message.created' | 'message.updated', stored: StoredMessage): Promise<void> {
    const { fanout, attachments, logger } = this.#ports;
    const storage = await this.#ports.storage();
    const source = { fanout, attachments, storage, isAssisted: this.#ports.assistant.isIn ?? (() => true) };
    await announceMessage(source, { type, message: toWireMessage(stored, attachments) });
    announceInLists(source, stored, (cause) => logger.error('A thread’s news could not be announced.', { cause }));
  }

  async #thread(threadId: string): Promise<ServerThread | null> {
    const stored = await (await this.#ports.storage()).getThread(threadId);
    if (!stored) return null;
    const { role: _, ...thread } = toWireThread(stored, {
      attachments: this.#ports.attachments,
      isAssisted: this.#ports.assistant.isIn ?? (() => true),
    });
    return thread;
  }

  async #require(key: MessageKey): Promise<Stored> {
    const message = await (await this.#ports.storage()).getMessage(key);
    if (!message?.answer) throw new ChatError('message_not_found', 'There is no such answer in this conversation.');
    return message as Stored;
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
        await this.#end(key, answer, { parts, answer: { ...rest, status: 'failed', error } });
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
