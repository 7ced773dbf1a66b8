import { useChatConnection, useChatToken } from 'latchkit';

const timeOf = (seconds: number | undefined) =>
  seconds === undefined ? '' : new Date(seconds * 1000).toLocaleTimeString();

/** What an app may show of a token: its claims and its state. */
export function TokenPanel() {
  const { claims, status, error, refresh } = useChatToken();
  const connection = useChatConnection();
  return (
    <section className="stage-card stage-panel">
      <h2>Token of this session</h2>
      <dl>
        <dt>Token</dt>
        <dd>{status}</dd>
        <dt>Connection</dt>
        <dd>{connection.status}</dd>
        {claims && (
          <>
            <dt>Subject (sub)</dt>
            <dd>{claims.sub}</dd>
            <dt>Session (sid)</dt>
            <dd>{claims.sid}</dd>
            <dt>Id (jti)</dt>
            <dd>{claims.jti}</dd>
            <dt>Issued (iat)</dt>
            <dd>{timeOf(claims.iat)}</dd>
            <dt>Lapses (exp)</dt>
            <dd>{timeOf(claims.exp)}</dd>
          </>
        )}
        {error && (
          <>
            <dt>Error</dt>
            <dd>{error.code}</dd>
            <dt>Remedy</dt>
            <dd>{error.remediation}</dd>
          </>
        )}
      </dl>
      <button type="button" onClick={() => void refresh().catch(() => undefined)} disabled={!claims}>
        Renew now
      </button>
    </section>
  );
}
