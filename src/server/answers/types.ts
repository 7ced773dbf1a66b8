import type { HandOver } from '../handover/types.ts';
import type { ChatUser, DataPart, Message, MessagePart, Thread, Rating } from '../../protocol/index.ts';

/** As the server's own code sees it: nobody's role in particular. */
type AnsweredThread = Omit<Thread, 'role' | 'own'>;

/** What somebody thinks of an answer. */
export interface RatedAnswer {
  threadId: string;
  /** The answer as it is now. */
  message: Message;
  user: ChatUser;
  rating: Rating;
}

export type OnRating = (rated: RatedAnswer) => Promise<void> | void;

/** A message of a conversation, shaped like the AI SDK's `UIMessage`: `convertToModelMessages(messages)` takes them as they are. */
export interface HistoryMessage {
  id: string;
  /** `assistant` for what the server's own assistant said. */
  role: 'user' | 'assistant';
  parts: MessagePart[];
  metadata: { author: ChatUser; createdAt: number };
}

export interface RespondContext {
  thread: AnsweredThread;
  /**
   * The newest 50 messages that somebody wrote, the oldest first; the last one is what to answer, or, once people have decided on the
   * tools that it asked for, the answer itself, which then goes on.
   */
  messages: HistoryMessage[];
  /** The message to answer. */
  message: Message;
  /** Who wrote it. */
  user: ChatUser;
  /** Aborts when somebody stops the answer, when it takes too long, and when the server closes. */
  signal: AbortSignal;
  /**
   * Asks for a person for `user`, in the assistant's place, which falls silent once this answer has ended: for a tool of the model's, say (docs/handover.md).
   * `reason` is shown to everybody in the conversation; it is cut at 1,000 characters. Asked again, it changes nothing.
   */
  handOver: HandOver;
}

/** Chunks of a UI Message Stream: `streamText(…).toUIMessageStream()` of the AI SDK as it is, or an async generator of one's own. */
export type AnswerStream = AsyncIterable<{ type: string }> | ReadableStream<{ type: string }>;

export type Respond = (context: RespondContext) => AnswerStream | Promise<AnswerStream>;

/** What somebody did to a part of an answer, with the conversation that it is in. */
export interface PartActionContext extends Omit<RespondContext, 'user'> {
  /** Who did it. */
  user: ChatUser;
  /** The answer as it is; the last of `messages`. */
  answer: Message;
  part: DataPart;
  /** What they did, in the words of the page. Anybody who may write in the conversation can send anything: check it. */
  action: { id: string; data: unknown };
}

/** A stream goes on with the answer; without one, it stays as it is. */
export type OnAction = (context: PartActionContext) => AnswerStream | void | Promise<AnswerStream | void>;

/**
 * Whether the assistant answers a message: `true` where it is in charge, `'always'` also while somebody waits for a person or one answers
 * (`thread.handover` says so).
 */
export type RespondTo = (context: {
  message: Message;
  user: ChatUser;
  thread: AnsweredThread;
}) => boolean | 'always' | Promise<boolean | 'always'>;

/** How the assistant is shown. */
export interface Assistant {
  /** An id that no person has. */
  id: string;
  name: string;
  /** An `https:` address. */
  avatarUrl?: string;
  /**
   * In which conversations it is: elsewhere nobody is answered, and there is nothing to hand over. Asked often, so keep it fast. Default: in all of
   * them.
   */
  isIn?: (thread: Pick<Thread, 'id' | 'title' | 'access'>) => boolean;
}
