import { ChatError, type ChatUser } from '../../../protocol/index.ts';
import { browserSignals, type BackendActions, type ChatBackend, type PageSignals } from '../../index.ts';
import type { TurnPort } from './TurnPort.ts';
import { TurnSession, type SessionOptions } from './TurnSession.ts';

/** What every backend of this kind takes. */
export interface TurnBackendOptions {
  /**
   * Whether each request carries `Authorization: Bearer` with the person's token. Default true; false where the server knows the person by
   * a cookie, or not at all.
   */
  authorization?: boolean;
  /** How the assistant is shown. Default: `{ id: 'assistant', name: 'Assistant' }`. */
  assistant?: { id?: string; name: string; avatarUrl?: string };
  /** How the person is shown. Default: by their id. */
  user?: { name: string; avatarUrl?: string };
  /** Title of a conversation that has none. Default: empty, which the window shows in its own words. */
  title?: string;
  /** An answer of which nothing comes for so long has failed (`answer_timeout`), ms. Default 120,000. */
  silenceMs?: number;
  /** Default: the platform's, looked up per request. */
  fetch?: typeof globalThis.fetch;
  /** Whether the device has a network. Default: the browser's signals. */
  signals?: PageSignals;
}

const SILENCE_MS = 120_000;
const ACTIONS = [
  'fetchThread',
  'sendReceipt',
  'createThread',
  'stopAnswer',
  'retryAnswer',
  'resumeAnswer',
  'decideTool',
] as const satisfies (keyof BackendActions)[];

export function assistantOf(
  {
    id = 'assistant',
    name,
    avatarUrl = null,
  }: {
    id?: string;
    name: string;
    avatarUrl?: string | null;
  } = { name: 'Assistant' },
): ChatUser {
  return { id, name, avatarUrl };
}

/**
 * Makes a backend of a protocol in which one asks and is answered.
 * @throws {ChatError} `invalid_options`
 */
export function createTurnBackend(options: TurnBackendOptions, makePort: () => TurnPort): ChatBackend {
  const { authorization = true, title = '', silenceMs = SILENCE_MS, user, signals = browserSignals } = options;
  if (!(silenceMs > 0)) throw new ChatError('invalid_options', '`silenceMs` must be more than 0.');
  const port = makePort();
  /** One person's: another one's are not kept beside them. */
  let kept: (Pick<SessionOptions, 'logs' | 'ratings'> & { userId: string }) | null = null;
  return {
    actions: [...ACTIONS, ...(port.actions ?? [])],
    expectsAnswers: true,
    open(context) {
      const { userId } = context;
      if (kept?.userId !== userId) kept = { userId, logs: new Map(), ratings: new Map() };
      const me: ChatUser = { id: userId, name: user?.name ?? userId, avatarUrl: user?.avatarUrl ?? null };
      const fetch = () => options.fetch ?? globalThis.fetch.bind(globalThis);
      const { logs, ratings } = kept;
      return new TurnSession({ port, logs, ratings, me, title, authorization, fetch, signals, silenceMs }, context);
    },
  };
}
