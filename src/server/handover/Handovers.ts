import { ChatError, type ChatUser, type Handover, type Role } from '../../protocol/index.ts';
import type { Assistant } from '../answers/types.ts';
import type { AttachmentPort } from '../attachments/AttachmentPort.ts';
import type { Fanout } from '../fanout/Fanout.ts';
import { announceHandover } from '../gateway/announce.ts';
import { toWireThread } from '../gateway/wire.ts';
import type { ChatStorage, HandoverChange, HandoverInput } from '../storage/ChatStorage.ts';
import { tellApp } from '../tell-app.ts';
import type { Logger } from '../types.ts';
import type { HandoverNews, OnHandover } from './types.ts';

interface HandoverPorts {
  storage: () => Promise<ChatStorage>;
  fanout: Fanout;
  attachments: AttachmentPort | undefined;
  logger: Logger;
  assistant: Assistant;
  onHandover: OnHandover | undefined;
  /** Ends what grows in a thread: what there is of it stays. */
  stopAnswers: (threadId: string) => Promise<void>;
}

/**
 * Hands threads over to people and back. Every way to it ends here: a member's frame, the assistant's tool, the app's own code. Nobody waits for
 * the others to be told: what was decided is stored by then, and who missed it has it by the log.
 */
export class Handovers {
  readonly #ports: HandoverPorts;
  #introduced: Promise<void> | null = null;

  /** Whether there is an assistant in a thread, whose place a person can take. */
  readonly isAssisted: NonNullable<Assistant['isIn']>;

  constructor(ports: HandoverPorts) {
    this.#ports = ports;
    this.isAssisted = ports.assistant.isIn ?? (() => true);
  }

  /**
   * @param who.by default: the assistant
   * @param who.of for whom the assistant asks
   */
  async request(
    threadId: string,
    reason: string | null,
    { by = this.#ports.assistant.id, of }: { by?: string | undefined; of?: string } = {},
  ): Promise<Handover> {
    const { handover, event } = await this.#change({ type: 'request', threadId, by, of, reason });
    if (event) await this.#tellApp(threadId, handover, 'requested');
    return handover;
  }

  /** One's own request, or what the app asked for. */
  async cancel(threadId: string, user: Pick<ChatUser, 'id'>): Promise<Handover> {
    const askedBy = [user.id, this.#ports.assistant.id];
    return (await this.#change({ type: 'cancel', threadId, by: user.id, askedBy })).handover;
  }

  /** Null when the role that this was decided upon is another one by now. */
  async take(threadId: string, user: Pick<ChatUser, 'id'>, was: Role | null): Promise<Handover | null> {
    await this.#requireAssistant(threadId);
    const storage = await this.#ports.storage();
    const change = await storage.changeHandover({ type: 'take', threadId, by: user.id, was });
    if (change) await this.#tell(threadId, change);
    return change && change.handover;
  }

  /** @param by default: the assistant */
  async giveBack(threadId: string, by = this.#ports.assistant.id): Promise<Handover> {
    return (await this.#change({ type: 'return', threadId, by })).handover;
  }

  /** Who answered is gone, and everybody in the thread was told. */
  async reopened(threadId: string): Promise<void> {
    const thread = await (await this.#ports.storage()).getThread(threadId);
    if (thread?.handover.state === 'waiting') await this.#tellApp(threadId, thread.handover, 'agent-gone');
  }

  /** @throws {ChatError} `action_forbidden` */
  async #requireAssistant(threadId: string): Promise<void> {
    if (!this.#ports.assistant.isIn) return;
    const thread = await (await this.#ports.storage()).getThread(threadId);
    if (thread && !this.isAssisted(thread)) {
      throw new ChatError('action_forbidden', 'There is no assistant in this conversation that could be replaced.');
    }
  }

  async #change(input: Exclude<HandoverInput, { type: 'take' }>): Promise<HandoverChange> {
    await this.#requireAssistant(input.threadId);
    if (input.by === this.#ports.assistant.id) await (this.#introduced ??= this.#introduce());
    // Only what is decided upon a role can be refused for one.
    const change = (await (await this.#ports.storage()).changeHandover(input))!;
    await this.#tell(input.threadId, change);
    return change;
  }

  /** The assistant has a name in what the thread tells of it, also before its first answer. */
  async #introduce(): Promise<void> {
    const { id, name, avatarUrl = null } = this.#ports.assistant;
    try {
      await (await this.#ports.storage()).introduce([{ id, name, avatarUrl }]);
    } catch (cause) {
      this.#introduced = null;
      throw cause;
    }
  }

  async #tell(threadId: string, change: HandoverChange): Promise<void> {
    if (!change.event) return;
    const { storage: open, fanout, attachments, logger, stopAnswers } = this.#ports;
    try {
      // From here on a person has the word.
      if (change.handover.state === 'person') await stopAnswers(threadId);
      const source = { storage: await open(), fanout, attachments, isAssisted: this.isAssisted };
      await announceHandover(source, threadId, change);
    } catch (cause) {
      logger.error('A hand-over could not be announced; clients get it when they come back.', { cause });
    }
  }

  async #tellApp(threadId: string, { askedBy, reason }: Handover, cause: HandoverNews['cause']): Promise<void> {
    const { storage: open, attachments, logger, onHandover } = this.#ports;
    if (!onHandover) return;
    const stored = await (await open()).getThread(threadId);
    if (!stored || !askedBy) return;
    const { role: _, own: _own, ...thread } = toWireThread(stored, { attachments, isAssisted: this.isAssisted });
    tellApp(logger, 'onHandover', onHandover, { threadId, thread, user: askedBy, reason, cause });
  }
}
