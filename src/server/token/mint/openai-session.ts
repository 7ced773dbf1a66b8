import { invalidOption, requireText, type PerUser } from './options.ts';

export const NAME = 'openaiChatKitMint';
/** OpenAI refuses a longer session. */
const MAX_SESSION_SECONDS = 600;

/** The workflow that answers. */
export interface OpenAIWorkflow {
  /** `wf_…` */
  id: string;
  /** Default: the latest that is deployed. */
  version?: string;
  /** Handed to the workflow. Names of at most 64 characters. */
  stateVariables?: Readonly<Record<string, string | number | boolean>>;
  /** Default true. */
  tracing?: boolean;
}

interface OpenAISessionOptions {
  /** A secret key of the project, `sk-…`. Never leaves the server, and stands in no error. */
  apiKey: string | undefined;
  /** Default: the platform's own. */
  fetch?: typeof fetch;
  /** Default `https://api.openai.com/v1`. */
  baseUrl?: string;
  /** How long a session lives at most, seconds, 1–600. Default 600. The endpoint's `ttl` cuts it further. */
  expiresAfterSeconds?: number;
  rateLimits?: {
    /** Messages of one session in a minute. OpenAI's default: 10. */
    maxRequestsPerMinute: number;
  };
  /** Default: all threads of the person, without end. */
  history?: { enabled?: boolean; recentThreads?: number };
  /** Default: no uploads. */
  fileUpload?: { enabled?: boolean; maxFiles?: number; /** Megabytes, at most 512. */ maxFileSize?: number };
  /** Default true. */
  automaticThreadTitling?: boolean;
}

export type OpenAIChatKitMintOptions = OpenAISessionOptions &
  (
    | { /** `wf_…` */ workflowId: string | undefined; workflow?: never }
    | { workflow: PerUser<OpenAIWorkflow>; workflowId?: never }
  );

export function readBaseUrl(baseUrl = 'https://api.openai.com/v1'): string {
  const fix = 'Example: https://api.openai.com/v1';
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) throw invalidOption(NAME, 'baseUrl', 'is no address', fix);
  const { protocol, hostname, search, hash } = new URL(baseUrl);
  const isLoopback = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback)) {
    throw invalidOption(NAME, 'baseUrl', 'is not https, so the key would travel in the open', fix);
  }
  if (search !== '' || hash !== '') throw invalidOption(NAME, 'baseUrl', 'has a query or a fragment', fix);
  return baseUrl.replace(/\/+$/, '');
}

export function readWorkflow({ workflowId, workflow }: OpenAIChatKitMintOptions): PerUser<OpenAIWorkflow> {
  const fix = 'Copy the workflow’s id (wf_…) from OpenAI’s dashboard.';
  if (typeof workflow === 'function') return workflow;
  if (workflow === undefined) return { id: requireText(NAME, 'workflowId', workflowId, fix) };
  if (workflowId !== undefined)
    throw invalidOption(NAME, 'workflowId', 'is given beside workflow', 'Give one of them.');
  return { ...workflow, id: requireText(NAME, 'workflow.id', workflow?.id, fix) };
}

export function readMaxSeconds(seconds = MAX_SESSION_SECONDS): number {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_SESSION_SECONDS) return seconds;
  const why = `is ${String(seconds)}`;
  throw invalidOption(NAME, 'expiresAfterSeconds', why, `Give whole seconds from 1 to ${MAX_SESSION_SECONDS}.`);
}

export function workflowToWire(workflow: OpenAIWorkflow): Record<string, unknown> {
  const { id, version, stateVariables, tracing } = workflow;
  return {
    id: requireText(NAME, 'workflow.id', id, 'Return the workflow’s id (wf_…) from workflow().'),
    ...(stateVariables !== undefined && { state_variables: stateVariables }),
    ...(tracing !== undefined && { tracing: { enabled: tracing } }),
    ...(version !== undefined && { version }),
  };
}

/** JSON leaves out what is undefined, so OpenAI's own defaults hold for it. */
export function settingsOf(options: OpenAISessionOptions): Record<string, unknown> {
  const { rateLimits, history, fileUpload, automaticThreadTitling } = options;
  const configuration = {
    ...(automaticThreadTitling !== undefined && { automatic_thread_titling: { enabled: automaticThreadTitling } }),
    ...(fileUpload && {
      file_upload: {
        enabled: fileUpload.enabled,
        max_files: fileUpload.maxFiles,
        max_file_size: fileUpload.maxFileSize,
      },
    }),
    ...(history && { history: { enabled: history.enabled, recent_threads: history.recentThreads } }),
  };
  return {
    ...(Object.keys(configuration).length > 0 && { chatkit_configuration: configuration }),
    ...(rateLimits && { rate_limits: { max_requests_per_1_minute: rateLimits.maxRequestsPerMinute } }),
  };
}
