import type { AuthorizedFetch } from '../turns/authorizedFetch.ts';
import type { ClientTool } from '../turns/client-tools.ts';
import type { TurnBackendOptions } from '../turns/createTurnBackend.ts';

/** A message as AG-UI has it: those of `@ag-ui/core` fit. */
export interface AgUiMessage {
  id: string;
  role: string;
  content?: unknown;
  toolCalls?: { id: string; type: 'function'; function: { name: string; arguments: string } }[] | undefined;
  toolCallId?: string | undefined;
  activityType?: string | undefined;
}

/** A question with which an agent ended its run. */
export interface AgUiInterrupt {
  id: string;
  /** Why it asks; the agent's own word. */
  reason?: string;
  message?: string;
  toolCallId?: string;
  responseSchema?: unknown;
  metadata?: unknown;
}

/** A tool of the page that an agent may use. */
export interface AgUiTool {
  /** For the model: what it does. */
  description: string;
  /** JSON Schema of its input. Default: any object. */
  parameters?: object;
  run: ClientTool;
}

export interface AgUiBackendOptions extends TurnBackendOptions {
  /** Where the agent runs: it is posted a `RunAgentInput`. */
  url: string;
  /** Sent with each request, beside the token. */
  headers?: Record<string, string> | (() => Record<string, string>);
  /** Default `same-origin`. */
  credentials?: RequestCredentials;
  /** For the agent alone, with each run. */
  forwardedProps?: unknown;
  /** What the agent is to know of the page, with each run. */
  context?: () => { description: string; value: string }[];
  /** The state of a conversation that begins. Default: an empty object. */
  initialState?: unknown;
  /** Told of the shared state, whenever a run has changed it. */
  onState?: (context: { threadId: string; state: unknown }) => void;
  /** Tools that run in the page, by name. */
  tools?: Record<string, AgUiTool>;
  /** What an agent is told of a decision on its interrupt. Default: `{ approved, reason }`. */
  resumePayload?: (interrupt: AgUiInterrupt, decision: { approved: boolean; reason?: string }) => unknown;
  /** Reads a conversation when it is opened for the first time. Left out: it begins empty, and lasts as long as the page. */
  loadMessages?: (context: {
    threadId: string;
    signal: AbortSignal;
    fetch: AuthorizedFetch;
  }) => Promise<{ messages: readonly AgUiMessage[]; state?: unknown }>;
  /** Told of the whole conversation when something in it has changed. */
  saveMessages?: (context: { threadId: string; messages: AgUiMessage[]; state: unknown }) => void;
}
