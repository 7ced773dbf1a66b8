import type { UploadLimits } from '../../../protocol/index.ts';
import type { ChatBackend } from '../../index.ts';
import type { ClientTool } from '../turns/client-tools.ts';
import type { TurnBackendOptions } from '../turns/createTurnBackend.ts';

export interface OpenAiChatKitBackendOptions extends TurnBackendOptions {
  /** The server's one endpoint. */
  url: string;
  /** Sent with each request, beside the token. */
  headers?: Record<string, string> | (() => Record<string, string>);
  /** Default `same-origin`. */
  credentials?: RequestCredentials;
  /**
   * Whether a thread's id is one that the page made: the server makes the conversation, under an id of its own, with the first message. Default:
   * an id that does not begin with `thr_`.
   */
  isNew?: (threadId: string) => boolean;
  /** Which model and which tool each question asks for; asked per question. Default: the server chooses. */
  inferenceOptions?: InferenceOptions | (() => InferenceOptions);
  /**
   * What a message may name with `@`: the window offers it, and it goes to the server as a tag. Default: nothing. The server must know what to make
   * of tags.
   */
  searchTags?: (
    query: string,
    context: { threadId: string; signal: AbortSignal },
  ) => readonly MessageTag[] | Promise<readonly MessageTag[]>;
  /** Tools that run in the page, by name. */
  tools?: Record<string, ClientTool>;
  /**
   * Which files the server takes, e.g. `{ maxBytes: 20_000_000, types: ['image/*', 'application/pdf'] }`: the protocol has no way to ask.
   * They go in two phases; with `directUrl` in one, posted there as the field `file` of a form, with the token. Default: none.
   */
  uploads?: UploadLimits & { directUrl?: string };
  /** Whether the server takes down speech (`input.transcribe`), which the window offers with `composer={{ dictation: true }}`. Default false. */
  transcribe?: boolean;
  /** Where a file can be read. Default: an image's preview; the protocol has no link to anything else. */
  fileUrl?: (file: { id: string; name: string; mediaType: string; size: number }) => string | undefined;
  /** Told of the actions of widgets whose `handler` is the page. */
  onAction?: (event: { threadId: string; itemId: string; action: WidgetAction }) => void;
  /** Told of what the server wants done in the page. */
  onEffect?: (effect: { threadId: string; name: string; data: unknown }) => void;
  /** Told of what the server wants the person to know. `message` is Markdown. */
  onNotice?: (notice: { threadId: string; level: string; message: string; title?: string }) => void;
  /** Told of what the server is at. */
  onProgress?: (progress: { threadId: string; text: string; icon?: string }) => void;
}

/** Something that a message names. */
export interface MessageTag {
  id: string;
  /** As the message names it. */
  text: string;
  /** For the server. */
  data?: Record<string, unknown>;
  group?: string;
  interactive?: boolean;
}

/** What a question may ask of the server. */
export interface InferenceOptions {
  model?: string;
  /** The id of a tool that the assistant is to use. */
  toolChoice?: string;
}

export interface OpenAiChatKitBackend extends ChatBackend {
  /**
   * Tells the server what the person thinks of an answer. The conversation must have been opened.
   * @throws {ChatError} `message_not_found`, `connection_lost` …
   */
  sendFeedback(feedback: { threadId: string; messageId: string; kind: 'positive' | 'negative' }): Promise<void>;
  /** The server's id of a conversation that the page made; null before its first message. */
  remoteThreadId(threadId: string): string | null;
}

/** What is to happen when somebody uses a widget. */
export interface WidgetAction {
  type: string;
  payload?: unknown;
  /** Default: the server. */
  handler?: 'client' | 'server';
  /** Whether the server answers with events rather than with the widget as it is then. Default true. */
  streaming?: boolean;
}

/** What the server has; of each kind there are more fields. */
export interface Item {
  id: string;
  type: string;
  created_at?: string;
  [field: string]: unknown;
}

export interface Page<T> {
  data: T[];
  has_more: boolean;
  after?: string | null;
}

export interface RemoteThread {
  id: string;
  title?: string | null;
  created_at: string;
  status?: { type: string } | null;
}

export interface OutputText {
  type: string;
  text: string;
  annotations?: Annotation[];
}

export interface Annotation {
  source?: { type: string; url?: string; title?: string; filename?: string; id?: string };
}

/** A file that the server knows. Its bytes are there once they were sent to the place that `upload_descriptor` names. */
export interface Attachment {
  id: string;
  name: string;
  mime_type: string;
  /** Of images. */
  preview_url?: string | null;
  upload_descriptor?: { url: string; method: 'POST' | 'PUT'; headers?: Record<string, string> } | null;
}
