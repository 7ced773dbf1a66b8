import { useState, type ReactNode } from 'react';
import type { ChatClient, ChatEventEntry, ConnectionState, TokenSnapshot } from '../../client/index.ts';
import { errorWords } from './event-words.ts';
import { LifeBar } from './LifeBar.tsx';
import { makeReport } from './report.ts';
import { redact, safeJson } from './safe-json.ts';
import { statusMeans, statusTone } from './status-words.ts';
import { Timeline } from './Timeline.tsx';
import { clockOffset, type ClockOffset } from './token-life.ts';
import { useConnectionState, useEvents, useNow, useTokenSnapshot } from './useWatched.ts';
import { span, timeOfDay } from './words.ts';

export function DevtoolsPanel({ client }: { client: ChatClient }): ReactNode {
  const snapshot = useTokenSnapshot(client, true);
  const connection = useConnectionState(client);
  const events = useEvents(client);
  const [cleared, setCleared] = useState<{ client: ChatClient; upTo: number } | null>(null);
  const [report, setReport] = useState<{ text: string; copied: boolean } | null>(null);
  const [renewing, setRenewing] = useState(false);
  // Of this client only: the next person's events are counted anew.
  const upTo = cleared?.client === client ? cleared.upTo : 0;
  const entries = events.filter(({ id }) => id > upTo);
  const clear = () => {
    setCleared({ client, upTo: events.at(-1)?.id ?? 0 });
    setReport(null);
  };

  const renew = async () => {
    setRenewing(true);
    // A refusal is in the timeline.
    await renewNow(client).catch(() => undefined);
    setRenewing(false);
  };
  const copy = async () => {
    const text = makeReport(client, entries, Date.now());
    setReport({ text, copied: await copied(text) });
  };

  return (
    <>
      <div className="lk-devtools-head">
        <h2>Chat token</h2>
        <p>
          <span className="lk-devtools-chip" data-tone={statusTone(snapshot.status)}>
            {snapshot.status}
          </span>{' '}
          {statusMeans(snapshot.status)}
        </p>
        {snapshot.error && <ErrorNote error={snapshot.error} />}
      </div>
      {snapshot.token && <LifeBar token={snapshot.token} />}
      <Facts {...{ snapshot, connection, events }} />
      <div className="lk-devtools-buttons">
        <button type="button" aria-disabled={renewing} onClick={() => void (renewing || renew())}>
          {renewing ? 'Renewing…' : 'Renew now'}
        </button>
        <button type="button" onClick={() => void copy()}>
          Copy report
        </button>
        <button type="button" onClick={clear}>
          Clear
        </button>
        <span role="status">{report?.copied && 'Copied, without the token.'}</span>
      </div>
      {report && !report.copied && (
        <label className="lk-devtools-report">
          The browser does not let a button copy here. Copy it by hand:
          <textarea readOnly rows={4} value={report.text} onFocus={(event) => event.currentTarget.select()} />
        </label>
      )}
      <Timeline entries={entries} />
    </>
  );
}

/**
 * As a server's warning would: the token in hand stays in use meanwhile. Not as a refusal (`useChatToken().refresh`), because two
 * fresh tokens refused in a row mean a misconfigured server and end the chat.
 */
async function renewNow({ tokens }: ChatClient): Promise<void> {
  const { current } = tokens;
  if (current) return void (await tokens.renew(current));
  tokens.reset();
  await tokens.get();
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // No permission, or no clipboard: a page without HTTPS has none.
  }
}

function ErrorNote({ error }: { error: NonNullable<TokenSnapshot['error']> }): ReactNode {
  const { code, more } = errorWords(error);
  return (
    <p className="lk-devtools-error">
      <code>{code}</code> {more}
    </p>
  );
}

interface FactsProps {
  snapshot: TokenSnapshot;
  connection: ConnectionState;
  events: readonly ChatEventEntry[];
}

function Facts({ snapshot: { token, renewals }, connection, events }: FactsProps): ReactNode {
  const now = useNow();
  const facts: [name: string, value: string | undefined][] = [
    ['Connection', connection.status + retryWords(connection, now)],
    ['Person (sub)', shown(token?.claims?.sub)],
    ['Session (sid)', shown(token?.claims?.sid)],
    [
      'Lapses (exp)',
      token ? `in ${span(Math.max(0, token.expiresAt - now))}, at ${timeOfDay(token.expiresAt)}` : undefined,
    ],
    ['Renewals', String(renewals)],
    ['Server’s clock', token ? offsetWords(clockOffset(token, events)) : undefined],
  ];
  return (
    <dl className="lk-devtools-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value ?? (token && !token.claims ? 'not to be read: the token is opaque' : '–')}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What an app's token says is not checked anywhere: a claim may be anything. */
function shown(claim: unknown): string | undefined {
  return typeof claim === 'string' || claim === undefined ? claim && redact(claim) : safeJson(claim);
}

function retryWords({ retryAt }: ConnectionState, now: number): string {
  return retryAt !== null && retryAt > now ? `, next attempt in ${span(retryAt - now)}` : '';
}

function offsetWords(offset: ClockOffset | null): string {
  if (!offset) return 'not known: needs a token with iat';
  if (offset.min <= 0 && offset.max >= 0) return 'in step with this device’s';
  const nearest = Math.min(Math.abs(offset.min), Math.abs(offset.max));
  return `${span(nearest)} ${offset.min > 0 ? 'ahead' : 'behind'}. Does no harm: lives are counted from the request.`;
}
