import { beforeAll, describe, expect, it } from 'vitest';
import { latchkitFigures } from '../../bench/tokens/latchkit-figures.ts';
import { BETWEEN_TABS_MS, ROUND_TRIP_MS } from '../../bench/tokens/TokenEndpoint.ts';

// Counts in simulated time, the same on every machine; nothing here is a matter of speed.
describe('the token benchmark’s targets', () => {
  let figures: Awaited<ReturnType<typeof latchkitFigures>>;

  beforeAll(async () => {
    figures = await latchkitFigures(1);
  });

  function most(id: string, max: number): void {
    const value = figures.get(id);
    expect(value, id).toBeTypeOf('number');
    expect(value, id).toBeLessThanOrEqual(max);
  }

  it('an hour with tokens of 60 s, 5 tabs and 50 components costs ≤ 86 mints', () => {
    most('hour.mints', 86);
    // It renews at all: a manager that stops early would hold every limit.
    expect(figures.get('hour.mints')).toBeGreaterThan(60);
  });

  it('a cold start with 5 tabs costs ≤ 2 mints', () => most('coldStart.mints', 2));

  it.each(['right', 'ahead10m', 'behind10m', 'ahead1d', 'behind1d'])(
    'T2 no request carries an expired token, and no mint is added, with a client clock %s',
    (clock) => {
      most(`requests.expired.${clock}`, 0);
      expect(figures.get(`requests.mints.${clock}`)).toBe(figures.get('requests.mints.right'));
      most(`requests.mints.${clock}`, 86);
    },
  );

  it('there is no gap without a usable token in the steady state', () => most('gap.steady', 0));

  it('T15 after 8 h of sleep the gap is one round trip, for one mint', () => {
    most('gap.sleep.first', ROUND_TRIP_MS);
    most('gap.sleep', ROUND_TRIP_MS + BETWEEN_TABS_MS);
    most('gap.sleep.mints', 1);
  });

  it('T26 a 10-minute outage costs ≤ 30 attempts', () => most('outage.attempts', 30));

  it('a connection lives for 24 h without a reconnect', () => most('day.reconnects', 0));

  it.each(['restart.wave.0', 'restart.renewals.0', 'restart.wave.5000', 'restart.renewals.5000'])(
    'C5 1,000 clients after a restart: peak ≤ 2 × the mean (%s)',
    (id) => most(id, 2),
  );
});
