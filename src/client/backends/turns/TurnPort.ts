import type {
  AnswerChunk,
  ChatUser,
  Message,
  MessagePart,
  MessagePartInput,
  Rating,
  UploadLimits,
} from '../../../protocol/index.ts';
import type { BackendActions, PartAction } from '../../index.ts';
import type { AuthorizedFetch } from './authorizedFetch.ts';

/** Pieces of an answer as they come: chunks of a UI Message Stream, as many as arrived together. */
export type ChunkStream = AsyncIterable<readonly AnswerChunk[]>;

/** A message of a conversation, and what the far side said about it besides. */
export interface TurnMessage {
  message: Message;
  role: 'user' | 'assistant';
  metadata?: unknown;
}

/** A message as the far side has it. */
export interface LoadedMessage {
  id: string;
  role: 'user' | 'assistant';
  parts: readonly MessagePart[];
  metadata?: unknown;
  /** ms since 1970. Default: the moment that it was loaded. */
  createdAt?: number | undefined;
  /** What it quotes: all that another message says, or a piece of it. */
  quoted?: string | undefined;
}

export interface LoadedThread {
  title?: string | undefined;
  /** It can be read, and not written in. Default: as it was. */
  isClosed?: boolean | undefined;
  /** The newest, the oldest first. */
  messages: readonly LoadedMessage[];
  hasOlder?: boolean | undefined;
}

export interface ListedThread {
  id: string;
  title: string;
  /** ms since 1970. */
  updatedAt: number;
  /** It can be read, and not written in. */
  isClosed?: boolean | undefined;
}

/** What each call to the far side is given. */
export interface TurnCall {
  threadId: string;
  /** Aborts when the answer is stopped, and when the session is closed. */
  signal: AbortSignal;
  fetch: AuthorizedFetch;
  /** The far side has named the conversation, or closed or opened it. */
  told: (thread: Pick<LoadedThread, 'title' | 'isClosed'>) => void;
  /** The far side has changed a message that does not grow: its parts are these now. Without any, it is gone. */
  changed: (messageId: string, parts: readonly MessagePart[]) => void;
}

/** One question to the far side. */
export interface Turn extends TurnCall {
  /** `send`: a person's message · `retry`: the answer anew · `go-on`: the answer goes on, after decisions or what tools gave · `act`: it goes on
   * after what a person did to a part of it. */
  kind: 'send' | 'retry' | 'go-on' | 'act';
  /** In `act`. */
  action?: PartAction | undefined;
  /** The conversation before the answer, the oldest first. */
  messages: readonly TurnMessage[];
  /** The answer that is to be given; with the parts that it goes on from. */
  answer: { id: string; parts: readonly MessagePart[]; metadata?: unknown };
}

/**
 * A server that is asked turn by turn over HTTP, and has no connection of its own: what a protocol must say of itself, so that
 * `createTurnBackend` makes a `ChatBackend` of it. Every method rejects with a `ChatError`.
 */
export interface TurnPort {
  /** How the assistant is shown. Its id is no person's. */
  readonly assistant: ChatUser;
  /** What its sessions can do beyond what all of this kind can. */
  readonly actions?: readonly (keyof BackendActions)[];
  /** Which files it takes. Left out: none. */
  readonly uploads?: UploadLimits | undefined;
  /** What a message holds once it is sent: of a file, only its id is given. Left out: what is given. Throws a `ChatError`. */
  take?(parts: readonly MessagePartInput[]): MessagePart[];
  /** Reads a conversation when it is opened for the first time. Left out: it begins empty. */
  load?(call: TurnCall): Promise<LoadedThread>;
  /** Reads what is before a message. */
  loadOlder?(call: TurnCall, beforeId: string): Promise<LoadedThread>;
  /** Gives a conversation another title. */
  rename?(call: TurnCall, title: string): Promise<void>;
  /** Deletes a conversation. */
  remove?(call: TurnCall): Promise<void>;
  /** Tells what the person thinks of an answer. Left out, with `rateAnswer` of the actions: it is not asked for. */
  rate?(call: Pick<TurnCall, 'threadId' | 'signal' | 'fetch'>, messageId: string, rating: Rating): Promise<void>;
  listThreads?(
    call: Pick<TurnCall, 'signal' | 'fetch'>,
    cursor?: string,
  ): Promise<{
    threads: readonly ListedThread[];
    nextCursor: string | null;
  }>;
  /**
   * Asks. Resolves once the far side has the message, before the answer's first piece. A rejection with an `answer_…` code means that it has the
   * message and fails to answer it; with any other, that it has not.
   */
  run(turn: Turn): Promise<ChunkStream>;
  /** The stream of an answer that grows on the far side, from its beginning; null where none does. */
  resume?(call: TurnCall): Promise<ChunkStream | null>;
  /** Somebody stopped the answer; the stream was cut already. */
  stop?(call: TurnCall): Promise<void>;
  /** The answer ended. Returns its parts with what the page's own tools gave, when it is to go on with them. */
  ended?(answer: TurnMessage, call: TurnCall): Promise<readonly MessagePart[] | null>;
  /** Something in the conversation is another now. */
  changed?(threadId: string, messages: readonly TurnMessage[]): void;
  /** Whether a retry makes what came after the answer void on the far side. */
  readonly retryDropsLater: boolean;
}
