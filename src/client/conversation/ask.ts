import { ChatError } from '../../protocol/index.ts';
import type { BackendSession } from '../backends/ChatBackend.ts';
import { unsupported } from './errors.ts';
import type { Line } from './Line.ts';

/**
 * Asks the server, and waits for no connection.
 * @throws {ChatError} `connection_lost` without one, `action_forbidden` where the backend left the method out
 */
export function ask<T>({ session }: Line, call: (session: BackendSession) => Promise<T> | undefined): Promise<T> {
  if (!session) return Promise.reject(new ChatError('connection_lost', 'There is no connection.'));
  return call(session) ?? unsupported();
}
