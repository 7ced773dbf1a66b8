import { ChatError } from '../../protocol/index.ts';

/** A session rejects with ChatErrors; an app's own backend may do otherwise. */
export function asChatError(thrown: unknown): ChatError {
  return ChatError.is(thrown) ? thrown : new ChatError('internal', 'The backend failed.', { cause: thrown });
}

/** What a backend that left a method out answers. */
export function unsupported(): Promise<never> {
  return Promise.reject(new ChatError('action_forbidden', 'This kind of backend cannot do that.'));
}
