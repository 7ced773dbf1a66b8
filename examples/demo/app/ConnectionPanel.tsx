import { useEffect, useState } from 'react';
import { useChatConnection, useChatToken } from 'latchkit';

/** Milliseconds since 1970, ticking once a second. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const id = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(id);
  }, []);
  return now;
}

/** What the kit does behind the scenes, made visible: the 60-second token being renewed on a connection that stays open. */
export function ConnectionPanel() {
  const connection = useChatConnection();
  const { token, expiresAt, renewals } = useChatToken();
  const now = useNow();
  const age = token ? Math.max(0, Math.round((now - token.issuedAt) / 1000)) : null;
  const left = expiresAt === null ? null : Math.max(0, Math.round((expiresAt - now) / 1000));

  return (
    <dl className="demo-panel" aria-label="Connection">
      <div>
        <dt>Connection</dt>
        <dd data-testid="connection-status" data-status={connection.status}>
          {connection.status}
        </dd>
      </div>
      <div>
        <dt>Token’s age</dt>
        <dd data-testid="token-age">{age === null ? '–' : `${age} s`}</dd>
      </div>
      <div className="demo-wide">
        <dt>Expires in</dt>
        <dd data-testid="token-left">{left === null ? '–' : `${left} s`}</dd>
      </div>
      <div>
        <dt>Renewals</dt>
        <dd data-testid="token-renewals">{renewals}</dd>
      </div>
    </dl>
  );
}
