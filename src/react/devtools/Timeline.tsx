import { memo, type ReactNode } from 'react';
import type { ChatEventEntry } from '../../client/index.ts';
import { eventWords } from './event-words.ts';
import { timeOfDay } from './words.ts';

/** What happened, the newest last. It takes the focus so that a keyboard can scroll it. */
export function Timeline({ entries }: { entries: readonly ChatEventEntry[] }): ReactNode {
  return (
    <div className="lk-devtools-log" role="log" aria-label="Timeline" tabIndex={0}>
      {entries.length === 0 ? (
        <p className="lk-devtools-note">Nothing has happened since.</p>
      ) : (
        <ol>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
    </div>
  );
}

const Entry = /* @__PURE__ */ memo(function Entry({ entry: { at, event } }: { entry: ChatEventEntry }): ReactNode {
  const { tone, what, code, more } = eventWords(event);
  return (
    <li data-tone={tone} data-type={event.type}>
      <time dateTime={new Date(at).toISOString()}>{timeOfDay(at)}</time>
      <div>
        {what} {code && <code>{code}</code>}
        {more && <p>{more}</p>}
      </div>
    </li>
  );
});
