import { ChatError, type ChatErrorCode } from '../../../protocol/index.ts';

/** What an answer other than the expected one means, where the far side was asked to answer a message. */
export function refusal(response: Response, now: number): ChatError {
  const { status } = response;
  void response.body?.cancel().catch(() => {});
  const error = (code: ChatErrorCode) =>
    new ChatError(code, `The server answered ${status}.`, { status, retryAfterMs: retryAfter(response, now) });
  switch (status) {
    case 401:
      return error('unauthenticated');
    case 403:
      return error('action_forbidden');
    case 404:
    case 410:
      return error('not_found');
    case 413:
      return error('message_too_long');
    // These say that it was not taken.
    case 429:
    case 503:
      return error('rate_limited');
    default:
      // Whether it has the message nobody can say: the page shows it as sent, and that it has no answer.
      return error(status >= 500 ? 'answer_failed' : 'bad_request');
  }
}

/** The same where a conversation was to be read. */
export function readRefusal(response: Response, now: number): ChatError {
  const { status } = response;
  const error = refusal(response, now);
  if (status === 403)
    return new ChatError('thread_forbidden', 'The server does not show this conversation.', { status });
  if (status === 404) return new ChatError('thread_not_found', 'The server has no such conversation.', { status });
  return error.code === 'answer_failed' ? new ChatError('connection_lost', error.message, { status }) : error;
}

function retryAfter({ headers }: Response, now: number): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (!value) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
