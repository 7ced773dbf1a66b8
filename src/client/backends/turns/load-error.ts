import { ChatError } from '../../../protocol/index.ts';

/** What an app's own loader threw, as an error of the chat: a `status` of 403 or 404 refuses the conversation, else it is tried again. */
export function loadError(thrown: unknown): ChatError {
  const status = typeof thrown === 'object' && thrown !== null && 'status' in thrown ? thrown.status : undefined;
  if (ChatError.is(thrown)) return thrown;
  if (status === 403) return new ChatError('thread_forbidden', 'The app does not show this conversation.');
  if (status === 404) return new ChatError('thread_not_found', 'The app has no such conversation.');
  return new ChatError('connection_lost', 'The app could not read the conversation.', { cause: thrown });
}
