import type { AnswerChunk, UploadLimits } from '../../../protocol/index.ts';
import type { AuthorizedFetch } from '../turns/authorizedFetch.ts';
import type { ClientTool } from '../turns/client-tools.ts';
import type { TurnBackendOptions } from '../turns/createTurnBackend.ts';

/** A message as the AI SDK has it: its `UIMessage` fits. */
export interface AiSdkMessage {
  id: string;
  role: 'system' | 'user' | 'assistant';
  metadata?: unknown;
  parts: readonly { type: string }[];
}

/** What a request carries, as the SDK's `DefaultChatTransport` sends it. */
export interface AiSdkRequest {
  /** The conversation's. */
  id: string;
  messages: AiSdkMessage[];
  trigger: 'submit-message' | 'regenerate-message';
  /** The answer that is to be given anew, or that goes on. */
  messageId: string | undefined;
}

export interface AiSdkBackendOptions extends TurnBackendOptions {
  /** Where questions are posted. Default `/api/chat`. */
  api?: string;
  /** Sent with each request, beside the token. */
  headers?: Record<string, string> | (() => Record<string, string>);
  /** Sent in the body of each question, beside what the SDK sends. */
  body?: object | (() => object);
  /** Default `same-origin`. */
  credentials?: RequestCredentials;
  /** Changes what is posted, e.g. to send the last message alone. What it returns is the whole body. */
  prepareRequest?: (request: AiSdkRequest & { body: object }) => object;
  /**
   * Reads a conversation when it is opened for the first time. `fetch` carries the person's token. An error with `status` 403 or 404 refuses the
   * conversation. Left out: it begins empty, and lasts as long as the page.
   */
  loadMessages?: (context: {
    threadId: string;
    signal: AbortSignal;
    fetch: AuthorizedFetch;
  }) => Promise<readonly AiSdkMessage[]>;
  /** Told of the whole conversation when something in it has changed: keep it, and give it to {@link loadMessages}. Not per chunk. */
  saveMessages?: (context: { threadId: string; messages: AiSdkMessage[] }) => void;
  /** The person's conversations. Left out: those that were opened. */
  listThreads?: (context: {
    signal: AbortSignal;
    fetch: AuthorizedFetch;
  }) => Promise<readonly { id: string; title: string; updatedAt: number }[]>;
  /**
   * Whether the server keeps streams for `GET {api}/{id}/stream`, with 204 where nothing streams: then a reload, or a lost connection, finds
   * the answer where it is. Default false.
   */
  resume?: boolean;
  /** Told when the person stops an answer: a server that keeps streams goes on until it is told, too. */
  onStop?: (context: { threadId: string; signal: AbortSignal; fetch: AuthorizedFetch }) => void | Promise<void>;
  /**
   * Which files are taken, e.g. `{ maxBytes: 3_000_000, types: ['image/*', 'application/pdf'] }`. They travel in the message, as data URLs, with
   * each question that follows: what the host of the endpoint takes in a body (4.5 MB, often) is the limit for all of them together. Default: none.
   */
  uploads?: UploadLimits;
  /**
   * Puts a file somewhere else, so that messages carry its address alone: one that the endpoint can read. `fetch` carries the person's token;
   * `onProgress` takes the bytes that have left. An error with a `status` of 4xx is final, any other is tried again.
   */
  uploadFile?: (context: {
    threadId: string;
    file: Blob;
    filename: string;
    mediaType: string;
    signal: AbortSignal;
    fetch: AuthorizedFetch;
    onProgress: (sent: number) => void;
  }) => Promise<{ url: string; mediaType?: string; filename?: string }>;
  /** Tools that run in the page, by name. */
  tools?: Record<string, ClientTool>;
  /** Told of each `data-` chunk, also of those that are for the moment alone. */
  onData?: (chunk: AnswerChunk, context: { threadId: string }) => void;
}
