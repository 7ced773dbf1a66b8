import type { ChatError } from '../../protocol/index.ts';
import type { TokenStatus } from './types.ts';

/** What a manager's state comes to, in one word. */
export function tokenStatus(state: {
  /** A usable token is in hand. */
  usable: boolean;
  /** The end, until a reset. */
  final: ChatError | null;
  /** A failure that may pass. */
  failure: ChatError | null;
  /** A request is under way. */
  asking: boolean;
  wanted: boolean;
  online: boolean;
  /** Somebody has asked at some time. */
  asked: boolean;
}): TokenStatus {
  const { final, failure, asking } = state;
  if (state.usable) return final || failure ? 'degraded' : asking ? 'refreshing' : 'ready';
  if (final) {
    if (final.code === 'disposed') return 'idle';
    if (final.code === 'unauthenticated' || final.code === 'signed_out') return 'unauthenticated';
    return final.code === 'forbidden' ? 'forbidden' : 'error';
  }
  if (!state.asked) return 'idle';
  if (!state.online && !asking) return 'offline';
  if (failure) return 'error';
  return asking || state.wanted ? 'loading' : 'idle';
}
