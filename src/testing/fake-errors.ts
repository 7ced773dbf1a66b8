import { ChatError, type ChatErrorCode } from '../protocol/index.ts';

/** What a server would write, for the codes that a person gets to read. */
const MESSAGES: Partial<Record<ChatErrorCode, string>> = {
  unauthenticated: 'Nobody is signed in.',
  forbidden: 'This account may not use the chat.',
  signed_out: 'Signed out.',
  rate_limited: 'Too many messages in a short time.',
  thread_forbidden: 'You are not a member of this conversation.',
  thread_not_found: 'There is no such conversation.',
  action_forbidden: 'Your role does not allow this.',
  thread_conflict: 'The id belongs to another conversation.',
  last_owner: 'You are the last owner.',
  message_not_found: 'There is no such message.',
  message_empty: 'The message has no text.',
  message_too_long: 'The message is too long.',
  message_conflict: 'The id belongs to another message.',
  connection_lost: 'The connection broke.',
  request_timeout: 'The server did not answer in time.',
  server_rejects_fresh_token: 'The chat server refused a token that was just issued.',
  internal: 'Something went wrong on the server.',
};

/** An error as a test names it, made whole. */
export function toChatError(error: ChatErrorCode | ChatError): ChatError {
  return typeof error === 'string' ? new ChatError(error, MESSAGES[error] ?? `Refused: ${error}.`) : error;
}
