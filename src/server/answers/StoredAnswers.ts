import { ChatError, textOf, type Answer, type Message } from '../../protocol/index.ts';
import type { AttachmentPort, StoredPart } from '../attachments/AttachmentPort.ts';
import type { Fanout } from '../fanout/Fanout.ts';
import { announceInLists, announceMessage } from '../gateway/announce.ts';
import { toWireMessage, toWireThread } from '../gateway/wire.ts';
import type { AnswerHistory, ChatStorage, MessageKey, StoredMessage } from '../storage/ChatStorage.ts';
import type { Logger, ServerThread } from '../types.ts';
import { answerIdOf } from './answer-id.ts';
import type { Snapshot } from './AnswerRun.ts';
import { nextHistory } from './attempts.ts';
import type { Assistant } from './types.ts';

export interface StoredAnswersPorts {
  storage: () => Promise<ChatStorage>;
  fanout: Fanout;
  attachments: AttachmentPort | undefined;
  logger: Logger;
  assistant: Assistant;
}

export type StoredAnswer = StoredMessage & { answer: Answer };

/** Which attempt is meant: what is stored of another one by now is left as it is. */
type Attempted = Pick<Answer, 'run'>;

/** The assistant's answers as they are stored. Each change of one is told to the thread, and is none where the answer has gone on since. */
export class StoredAnswers {
  readonly #ports: StoredAnswersPorts;
  #introduced: Promise<void> | null = null;

  constructor(ports: StoredAnswersPorts) {
    this.#ports = ports;
  }

  /** @throws {ChatError} `message_not_found` */
  async require(key: MessageKey): Promise<StoredAnswer> {
    const message = await (await this.#ports.storage()).getMessage(key);
    if (!message?.answer) throw new ChatError('message_not_found', 'There is no such answer in this conversation.');
    return message as StoredAnswer;
  }

  async thread(threadId: string): Promise<ServerThread | null> {
    const stored = await (await this.#ports.storage()).getThread(threadId);
    if (!stored) return null;
    const { role: _, ...thread } = toWireThread(stored, this.#view);
    return thread;
  }

  /** Whether the assistant is to answer in it, and no person. */
  async isInCharge(threadId: string): Promise<boolean> {
    return (await (await this.#ports.storage()).getThread(threadId))?.handover.state === 'assistant';
  }

  /** @throws {ChatError} `handover_active` */
  async requireCharge(threadId: string): Promise<void> {
    if (await this.isInCharge(threadId)) return;
    throw new ChatError('handover_active', 'A person is to answer here, so the assistant does not.');
  }

  /** The answer to a message, before its first chunk. Null when it has one: it was sent again after a time-out, or to another node. */
  async create(message: Message): Promise<StoredAnswer | null> {
    const { threadId } = message;
    await (this.#introduced ??= this.#introduce());
    const storage = await this.#ports.storage();
    const id = answerIdOf(message.id);
    if (await storage.getMessage({ threadId, messageId: id })) return null;
    const answer: Answer = { status: 'streaming', to: message.id, run: 1, at: 0, error: null };
    const authorId = this.#ports.assistant.id;
    const asked = textOf(message.parts);
    const stored = await storage.appendMessage({ id, threadId, authorId, parts: [], answer, asked });
    await this.#announce('message.created', stored);
    return stored as StoredAnswer;
  }

  /** The next attempt, as it is stored before its first chunk. */
  begin(
    key: MessageKey,
    { to, run, acts }: Pick<Answer, 'to' | 'run' | 'acts'>,
    change: { parts: StoredPart[]; history?: AnswerHistory },
  ): Promise<StoredAnswer | null> {
    const answer: Answer = { status: 'streaming', to, run: run + 1, at: 0, error: null, ...(acts && { acts }) };
    return this.save(key, { run }, { answer, ...change });
  }

  /** An attempt from nothing: what was said before is kept beside it. */
  async beginAnew(key: MessageKey, message: StoredAnswer): Promise<StoredAnswer | null> {
    const { threadId } = key;
    const asked = await (await this.#ports.storage()).getMessage({ threadId, messageId: message.answer.to });
    const history = nextHistory(message, textOf(asked?.parts ?? []));
    return this.begin(key, message.answer, { parts: [], history });
  }

  /** What has grown of it, told to nobody: they have its chunks. */
  async checkpoint(key: MessageKey, { run }: Attempted, snapshot: Snapshot): Promise<StoredMessage | null> {
    const storage = await this.#ports.storage();
    return storage.saveAnswer({ ...key, ...snapshot, was: run }, { takePlace: false });
  }

  /** The end of an attempt. Null when it has ended already: the first word counts, on whichever node it was said. */
  end(key: MessageKey, was: Attempted, snapshot: Snapshot): Promise<StoredAnswer | null> {
    return this.save(key, was, snapshot, { growing: true });
  }

  async save(
    key: MessageKey,
    { run }: Attempted,
    snapshot: Snapshot & { history?: AnswerHistory },
    { growing = false } = {},
  ): Promise<StoredAnswer | null> {
    const storage = await this.#ports.storage();
    const stored = await storage.saveAnswer({ ...key, ...snapshot, was: run }, { takePlace: true, growing });
    if (stored) await this.#announce('message.updated', stored);
    return stored as StoredAnswer | null;
  }

  get #view() {
    const { attachments, assistant } = this.#ports;
    return { attachments, isAssisted: assistant.isIn ?? (() => true) };
  }

  async #announce(type: 'message.created' | 'message.updated', stored: StoredMessage): Promise<void> {
    const { fanout, attachments, logger } = this.#ports;
    const source = { fanout, storage: await this.#ports.storage(), ...this.#view };
    await announceMessage(source, { type, message: toWireMessage(stored, attachments) });
    announceInLists(source, stored, (cause) => logger.error('A thread’s news could not be announced.', { cause }));
  }

  async #introduce(): Promise<void> {
    const { id, name, avatarUrl = null } = this.#ports.assistant;
    await (await this.#ports.storage()).upsertUser({ id, name, avatarUrl });
  }
}
