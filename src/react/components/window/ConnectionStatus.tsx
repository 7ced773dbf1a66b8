import type { ReactNode } from 'react';
import type { ConnectionState } from '../../../client/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useChatConnection } from '../../hooks/useChatConnection.ts';
import { useCountdown } from '../../hooks/useCountdown.ts';
import { useDelayed } from '../../hooks/useDelayed.ts';
import { errorText, type ChatStrings } from '../../strings.ts';
import type { ConnectionStatusProps } from '../types.ts';
import { useRoot } from '../parts/useRoot.tsx';

/** Most losses are over sooner (a restart, a change of network), and a bar that flashes worries people for nothing. */
const QUIET_MS = 1_000;
/** A shorter wait needs no countdown. */
const COUNTDOWN_FROM_S = 3;

interface Words {
  what: string;
  remedy?: string;
  retry: boolean;
}

function wordsFor({ status, error }: ConnectionState, strings: ChatStrings): Words | null {
  switch (status) {
    case 'connected':
      return null;
    case 'idle':
    case 'connecting':
      return { what: strings.connecting, retry: false };
    case 'reconnecting':
      return { what: strings.reconnecting, retry: true };
    case 'offline':
      return { what: strings.offline, retry: true };
    case 'closed': {
      if (!error) return { ...strings.signedOut, retry: false };
      const text = errorText(strings, error);
      return { ...text, retry: error.code !== 'signed_out' };
    }
  }
}

/**
 * What the connection is doing, when that is worth saying: nothing while connected, and nothing for a break of under a second.
 * `data-status` is the connection's.
 */
export function ConnectionStatus({ variant = 'bar', className }: ConnectionStatusProps): ReactNode {
  const { strings } = useChatContext('<ConnectionStatus>');
  const { reconnect, ...state } = useChatConnection();
  const root = useRoot('lk-connection', className);
  const passing = state.status === 'idle' || state.status === 'connecting' || state.status === 'reconnecting';
  const lasting = useDelayed(passing, QUIET_MS);
  const seconds = useCountdown(state.retryAt);
  const words = passing && !lasting ? null : wordsFor(state, strings);
  if (variant === 'compact') {
    return (
      <span {...root} data-variant="compact" data-status={words ? state.status : 'connected'} title={words?.what}>
        <span className="lk-dot" aria-hidden="true" />
      </span>
    );
  }
  return (
    // The region is always there: screen readers announce what changes within one, not one that appears.
    <div {...root} data-variant="bar" data-status={state.status} data-shown={words !== null} role="status">
      {words && (
        <>
          <p className="lk-connection-text">
            {words.what} {words.remedy}
            {seconds !== null && seconds >= COUNTDOWN_FROM_S && (
              <span className="lk-countdown" aria-hidden="true">
                {strings.reconnectingIn(seconds)}
              </span>
            )}
          </p>
          {words.retry && (
            <button type="button" className="lk-link" onClick={reconnect}>
              {strings.retryNow}
            </button>
          )}
        </>
      )}
    </div>
  );
}
