import { ChatError } from '../../../protocol/index.ts';
import {
  NAME,
  readBaseUrl,
  readMaxSeconds,
  readWorkflow,
  settingsOf,
  workflowToWire,
  type OpenAIChatKitMintOptions,
} from './openai-session.ts';
import { lifetimeOf, requireCredential, resolvePerUser } from './options.ts';
import type { Mint, MintedToken } from './types.ts';
import { describeFailure, retryAfterMs, upstreamNow, withDeadline } from './upstream.ts';

const TIMEOUT_MS = 10_000;

/**
 * Opens a ChatKit session at OpenAI for the person and hands out its client secret, as `token` and as `client_secret`. Sessions are
 * not renewed: each mint opens a new one, with the same `user`, whose threads it sees.
 *
 * In the browser: `api: { getClientSecret: async () => (await tokens.get()).raw() }`.
 *
 * The mint throws `auth_unavailable` whenever OpenAI cannot be used just now: out of reach, no answer within 10 s, 429 and 5xx (with
 * its `Retry-After`), and also 401 and 403, which mean that *this server's* key is wrong and must not look to a browser as if its
 * person were signed out. Another refusal is `invalid_options`. The reason is in the error's `cause`, for the server's log.
 *
 * @throws {ChatError} `invalid_options` at once, when an option is missing or malformed
 * @see https://platform.openai.com/docs/api-reference/chatkit/sessions/create
 * @see https://openai.github.io/chatkit-js/guides/authentication
 */
export function openaiChatKitMint(options: OpenAIChatKitMintOptions): Mint {
  const apiKey = requireCredential(
    NAME,
    'apiKey',
    options.apiKey,
    'Make a secret key at platform.openai.com/api-keys and keep it in the server’s environment.',
  );
  const url = `${readBaseUrl(options.baseUrl)}/chatkit/sessions`;
  const workflow = readWorkflow(options);
  const maxSeconds = readMaxSeconds(options.expiresAfterSeconds);
  const settings = settingsOf(options);
  const send: typeof fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const redact = (text: string) => text.replaceAll(apiKey, '[redacted]').replace(/\bsk-[\w*.-]+/g, '[redacted]');

  return async function mint(context): Promise<MintedToken> {
    const seconds = Math.min(lifetimeOf(context).seconds, maxSeconds);
    const body = JSON.stringify({
      user: context.user.id,
      workflow: workflowToWire(await resolvePerUser(NAME, 'workflow', workflow, context.user)),
      expires_after: { anchor: 'created_at', seconds },
      ...settings,
    });
    const headers = {
      accept: 'application/json',
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      'openai-beta': 'chatkit_beta=v1',
    };
    let response: Response;
    let text: string;
    try {
      [response, text] = await withDeadline(TIMEOUT_MS, context.signal, async (signal) => {
        // A redirect is not followed: the key is for this address alone.
        const answer = await send(url, { method: 'POST', headers, body, redirect: 'manual', signal });
        return [answer, await answer.text()] as const;
      });
    } catch (failure) {
      // Not the failure itself: a runtime's error about a header quotes the key.
      throw unavailable('OpenAI could not be asked for a session.', redact(describeFailure(failure)));
    }
    const answer = parse(text);
    if (!response.ok) throw refusal(response, answer, context.now, redact);

    const { client_secret: token, expires_at: expiresAt } = answer;
    const left = typeof expiresAt === 'number' ? expiresAt - upstreamNow(response.headers, context.now) / 1000 : NaN;
    if (typeof token !== 'string' || token === '' || !(left >= 1)) {
      throw unavailable('OpenAI answered without a usable session.', 'client_secret or expires_at is missing or over.');
    }
    return { token, expiresInSeconds: Math.min(seconds, Math.floor(left)), fields: { client_secret: token } };
  };
}

function unavailable(message: string, cause: string, waitMs?: number): ChatError {
  return new ChatError('auth_unavailable', message, { cause: new Error(cause), retryAfterMs: waitMs });
}

function refusal(
  response: Response,
  answer: Record<string, unknown>,
  now: number,
  redact: (text: string) => string,
): ChatError {
  const { status, headers } = response;
  const { code, message } = (answer.error ?? {}) as { code?: unknown; message?: unknown };
  const request = headers.get('x-request-id');
  const words = [
    `OpenAI answered ${status}`,
    typeof code === 'string' ? ` ${code}` : '',
    // OpenAI quotes part of the key in what it says to a wrong one.
    typeof message === 'string' && status !== 401 && status !== 403 ? `: ${message}` : '',
    request === null ? '' : ` (request ${request})`,
  ];
  const cause = redact(words.join('')).slice(0, 500);
  if (status === 401 || status === 403) {
    return unavailable('OpenAI does not accept this server’s apiKey: check it and its project’s permissions.', cause);
  }
  if (status === 429) return unavailable('OpenAI limits this server just now.', cause, retryAfterMs(headers, now));
  if (status < 400 || status >= 500 || status === 408 || status === 409) {
    return unavailable('OpenAI could not open a session just now.', cause, retryAfterMs(headers, now));
  }
  return new ChatError(
    'invalid_options',
    `${NAME}: OpenAI refused the session with ${status}. Check workflowId and the other options; the cause has its words.`,
    { cause: new Error(cause) },
  );
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
