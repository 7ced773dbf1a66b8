import { createTokenManager, systemClock } from '../../client/index.ts';
import type {
  BackendEvent,
  BackendSession,
  ConnectionState,
  FetchReason,
  FetchToken,
  TokenManager,
} from '../../client/index.ts';
import { ChatError } from '../../protocol/index.ts';
import type { ChatErrorCode, Message } from '../../protocol/index.ts';
import type { ConformanceStage } from './types.ts';

/** What comes after an end comes soon, if at all. */
const SETTLE_MS = 60;

/** A client in a case's hand: opens a session, and keeps what it is told. */
export class BackendProbe {
  readonly stage: ConformanceStage;
  readonly states: ConnectionState[] = [];
  readonly events: BackendEvent[] = [];
  /** Why each token was asked for. */
  readonly asked: FetchReason[] = [];
  readonly tokens: TokenManager;
  readonly #patienceMs: number;
  readonly #watchers = new Set<() => void>();
  #session: BackendSession | null = null;
  #messages = 0;

  /** @param fetchToken in place of the stage's */
  constructor(stage: ConformanceStage, patienceMs: number, fetchToken: FetchToken = stage.fetchToken) {
    this.stage = stage;
    this.#patienceMs = patienceMs;
    this.tokens = createTokenManager({
      tabs: false,
      fetchToken: (context) => {
        this.asked.push(context.reason);
        return fetchToken(context);
      },
    });
  }

  get session(): BackendSession {
    return this.#session ?? fail('The case asks before it has opened a session.');
  }

  get status(): ConnectionState['status'] | undefined {
    return this.states.at(-1)?.status;
  }

  open(): void {
    const note = () => {
      for (const look of [...this.#watchers]) look();
    };
    this.#session = this.stage.backend.open({
      userId: this.stage.userId,
      tokens: this.tokens,
      clock: systemClock,
      onState: (state) => {
        this.states.push(state);
        note();
      },
      onEvent: (event) => {
        this.events.push(event);
        note();
      },
    });
  }

  async connect(): Promise<void> {
    this.open();
    await this.until('the state `connected`', () => this.status === 'connected');
  }

  /** An id that nobody had before, as a client makes them. */
  newId(): string {
    this.#messages += 1;
    const random = Math.floor(systemClock.random() * 16 ** 12).toString(16);
    return `01890000-0000-7000-8000-${random.padStart(12, '0')}`.replace(/.$/, String(this.#messages % 10));
  }

  send(text: string, messageId = this.newId(), threadId = this.stage.threadId): Promise<Message> {
    return this.within(
      `an answer to sendMessage(${JSON.stringify(text)})`,
      this.session.sendMessage({ threadId, messageId, parts: [{ type: 'text', text }] }),
    );
  }

  /** The newest copy of a message that an event brought. */
  told(messageId: string): Message | undefined {
    return this.#told().findLast(({ id }) => id === messageId);
  }

  /** The newest copy of the answer to a message. */
  answerTo(messageId: string): Message | undefined {
    return this.#told().findLast(({ answer }) => answer?.to === messageId);
  }

  until(what: string, isThere: () => boolean): Promise<void> {
    return this.within(
      what,
      new Promise((resolve) => {
        const look = () => {
          if (!isThere()) return;
          this.#watchers.delete(look);
          resolve();
        };
        this.#watchers.add(look);
        look();
      }),
    );
  }

  within<T>(what: string, work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = systemClock.setTimer(
        () => reject(new Error(`Waited ${this.#patienceMs} ms for ${what}. Told so far: ${this.#summary()}.`)),
        this.#patienceMs,
      );
      work.then(resolve, reject).finally(cancel);
    });
  }

  /** Time for what should not come. */
  settle(): Promise<void> {
    return new Promise((resolve) => systemClock.setTimer(resolve, SETTLE_MS));
  }

  /** Checks that a call is refused, by a ChatError, with one of these codes. */
  async refused(what: string, work: Promise<unknown>, codes?: readonly ChatErrorCode[]): Promise<ChatError> {
    const outcome = await this.within(
      `the refusal of ${what}`,
      work.then(
        () => null,
        (thrown: unknown) => ({ thrown }),
      ),
    );
    if (!outcome) return fail(`${what} was to be refused, and was not.`);
    const { thrown } = outcome;
    if (!ChatError.is(thrown)) return fail(`${what} was refused with ${String(thrown)}, which is no ChatError.`);
    if (codes && !codes.includes(thrown.code))
      fail(`${what} was refused as \`${thrown.code}\`, not as \`${codes.join('` or `')}\`.`);
    return thrown;
  }

  async end(): Promise<void> {
    this.#session?.close();
    this.tokens.dispose();
    await this.stage.end?.();
  }

  #told(): Message[] {
    return this.events.flatMap((event) =>
      event.type === 'message.created' || event.type === 'message.updated' ? [event.message] : [],
    );
  }

  #summary(): string {
    const states = this.states.map(({ status, error }) => (error ? `${status} (${error.code})` : status));
    return [...states, ...this.events.map(({ type }) => type)].join(', ') || 'nothing';
  }
}

export function check(isSo: boolean, message: string): asserts isSo {
  if (!isSo) fail(message);
}

export function fail(message: string): never {
  throw new Error(message);
}
