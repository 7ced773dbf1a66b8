import type { ReactNode } from 'react';
import type { ChatToken } from '../../index.ts';
import { tokenLife } from './token-life.ts';
import { useNow } from './useWatched.ts';
import { span } from './words.ts';

/** How far the token's life has gone, where it is renewed, and the margin at its end in which it is no longer used. */
export function LifeBar({ token }: { token: ChatToken }): ReactNode {
  const { lifetime, age, refreshFrom, refreshTo, usableUntil } = tokenLife(token, useNow());
  const at = (ms: number) => `${Math.min(100, (100 * ms) / lifetime)}%`;
  const words = `${span(age)} old. Renewed between ${span(refreshFrom)} and ${span(refreshTo)}, not used after ${span(usableUntil)}, lapses at ${span(lifetime)}.`;
  return (
    <div className="lk-devtools-life">
      <div
        role="meter"
        aria-label="Life of the token"
        aria-valuemin={0}
        aria-valuemax={Math.round(lifetime / 1_000)}
        aria-valuenow={Math.round(Math.min(age, lifetime) / 1_000)}
        aria-valuetext={words}
      >
        <i data-part="age" style={{ width: at(age) }} />
        <i data-part="refresh" style={{ left: at(refreshFrom), width: at(refreshTo - refreshFrom) }} />
        <i data-part="margin" style={{ left: at(usableUntil), width: at(lifetime - usableUntil) }} />
      </div>
      <p aria-hidden="true">{words}</p>
    </div>
  );
}
