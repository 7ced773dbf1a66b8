import type { ChatError } from '../../protocol/index.ts';

/**
 * - `idle`: not begun · `connecting`: for the first time · `connected`: the server has accepted the token
 * - `reconnecting`: lost, being opened again · `offline`: the device has no network
 * - `closed`: for good; `error` says why (null after a sign-out or when the app left)
 */
export type ConnectionStatus = 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'offline' | 'closed';

/** A new object per change. */
export interface ConnectionState {
  status: ConnectionStatus;
  /** What broke last, until `connected` clears it. */
  error: ChatError | null;
  /** Wall-clock time of the next attempt while waiting for one, else null. */
  retryAt: number | null;
}
