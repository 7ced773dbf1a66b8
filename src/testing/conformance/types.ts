import type { ChatBackend, FetchToken } from '../../client/index.ts';

/**
 * What a part of the suite is about.
 * - `open`: opening, the list of conversations, a conversation's page · `send`: acknowledgement, echo, idempotence, order
 * - `history`: pages that join · `errors`: refusals are `ChatError`s with a fitting code
 * - `token`: one is asked for per attempt; a refused one is replaced once, and the message is kept
 * - `answer`: an assistant's answers grow, end, stop and are given anew · `end`: nothing after `close()`
 */
export type ConformanceChapter = 'open' | 'send' | 'history' | 'errors' | 'token' | 'answer' | 'end';

/** One world for one test: a backend, and a far side that has what the chapters need. Made anew for each. */
export interface ConformanceStage {
  backend: ChatBackend;
  /** Whose session it is. */
  userId: string;
  /** Brings tokens that the far side accepts. */
  fetchToken: FetchToken;
  /** An empty conversation that the person may read and write. For `answer`, see {@link ConformanceOptions.stage}. */
  threadId: string;
  /** For `history`: a conversation with so many messages; 60 or more show whether pages join. */
  history?: { threadId: string; count: number };
  /** For `errors`: the id of a conversation that the person may not read, or that does not exist. */
  forbiddenThreadId?: string;
  /** For `token`: one that the far side refuses with 401. */
  refusedToken?: string;
  /** For `token`: how often the far side has a message in its keeping, or in what it was last sent. */
  countStored?: (messageId: string) => number | Promise<number>;
  /** Ends the far side. */
  end?: () => void | Promise<void>;
}

export interface ConformanceOptions {
  /**
   * Makes a world. For `answer` its far side answers each message: the text `short` with a text that contains `short` and an end, the text
   * `long` with a text that begins at once and does not end before it is stopped.
   */
  stage: () => ConformanceStage | Promise<ConformanceStage>;
  /** Chapters that this kind of backend has no notion of: their cases are `skipped`. Default: none. */
  without?: readonly ConformanceChapter[];
  /** How long a case waits for something before it fails, ms. Default 5,000. */
  patienceMs?: number;
}

/** One thing that every backend must do. */
export interface ConformanceCase {
  name: string;
  chapter: ConformanceChapter;
  /** Left out by {@link ConformanceOptions.without}. */
  skipped: boolean;
  /** Rejects with what was expected and what came. */
  run: () => Promise<void>;
}
