import { ChatError, type ChatErrorCode } from '../../protocol/index.ts';
import type { Logger } from '../types.ts';
import { problem } from '../token/problem.ts';

/** Codes whose messages are written for the person who uploads. What else went wrong is for the log. */
const TOLD: ReadonlySet<ChatErrorCode> = new Set([
  'attachment_not_found',
  'attachment_refused',
  'attachment_too_large',
  'thread_not_found',
  'thread_forbidden',
  'action_forbidden',
  'bad_request',
  'rate_limited',
]);

/** An error as an RFC 9457 problem document, with its words in `detail` where they are for the person. */
export async function toProblem(error: unknown, logger: Logger, headers: Headers, status?: number): Promise<Response> {
  if (!ChatError.is(error)) logger.error('A request about an attachment failed.', { cause: error });
  const code = ChatError.is(error) ? error.code : 'internal';
  const answer = problem(code, { headers, status: status ?? (ChatError.is(error) ? error.status : undefined) });
  if (!ChatError.is(error) || !(TOLD.has(code) || code === 'internal')) return answer;
  const document = { ...((await answer.json()) as object), detail: error.message };
  return new Response(JSON.stringify(document), { status: answer.status, headers: answer.headers });
}
