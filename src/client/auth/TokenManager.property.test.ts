import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ChatError } from '../../protocol/index.ts';
import { FakeClock } from '../../testing/index.ts';
import { FakeSignals, jwt } from '../test-fixtures.ts';
import type { ChatToken } from './ChatToken.ts';
import { createTokenManager } from './TokenManager.ts';
import type { TokenResponse } from './types.ts';

type Answer = 'good' | 'unavailable' | 'slow' | 'hang' | 'other-user' | 'junk' | 'unauthenticated';
type Step =
  | {
      do:
        | 'get'
        | 'renew'
        | 'refuse'
        | 'reset'
        | 'subscribe'
        | 'unsubscribe'
        | 'wake'
        | 'online'
        | 'offline'
        | 'hide'
        | 'show';
    }
  | { do: 'advance' | 'sleep' | 'back'; ms: number }
  | { do: 'answer'; with: Answer };

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .constantFrom('get', 'get', 'renew', 'refuse', 'reset', 'subscribe', 'unsubscribe')
      .map((name): Step => ({ do: name })),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('wake', 'online', 'offline', 'hide', 'show').map((name): Step => ({ do: name })),
  },
  { weight: 5, arbitrary: fc.nat(40_000).map((ms): Step => ({ do: 'advance', ms })) },
  { weight: 1, arbitrary: fc.nat(10_000_000).map((ms): Step => ({ do: 'sleep', ms })) },
  { weight: 1, arbitrary: fc.nat(10_000_000).map((ms): Step => ({ do: 'back', ms })) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom<Answer>(
        'good',
        'good',
        'good',
        'unavailable',
        'slow',
        'hang',
        'other-user',
        'junk',
        'unauthenticated',
      )
      .map((answer): Step => ({ do: 'answer', with: answer })),
  },
);

/** Runs the steps, then signs out, then runs the rest; checks what must hold at every moment. */
async function run(ttl: number, seed: number, steps: Step[], after: Step[]): Promise<void> {
  const clock = new FakeClock({ seed });
  const signals = new FakeSignals();
  const floor = Math.max(1_000, Math.min(5_000, (ttl * 1_000) / 4));
  const flights = new Set<AbortSignal>();
  // The truth about each token: real time passed = monotonic time + sleep.
  let slept = 0;
  const trueNow = () => clock.monotonic() + slept;
  const lapsesAt = new Map<string, number>();
  const mints: { at: number; forced: boolean; delivered: boolean }[] = [];
  let answer: Answer = 'good';
  let signedOut = false;
  let serial = 0;

  // A check that fails inside the app's own callbacks must not be taken for the app's failure.
  const failures: unknown[] = [];
  const check = (test: () => void) => {
    try {
      test();
    } catch (failure) {
      failures.push(failure);
    }
  };

  const manager = createTokenManager({
    userId: 'ada',
    clock,
    signals,
    fetchToken: ({ reason, signal }): Promise<TokenResponse> => {
      check(() => expect(signedOut, 'nothing is fetched after sign-out').toBe(false));
      for (const other of flights) check(() => expect(other.aborted, 'at most one flight').toBe(true));
      flights.add(signal);
      const last = mints.at(-1);
      if (last?.delivered && !(reason === 'rejected' && !last.forced)) {
        check(() => expect(trueNow() - last.at, 'floor between mints').toBeGreaterThanOrEqual(floor - 1));
      }
      const mint = { at: trueNow(), forced: reason === 'rejected', delivered: false };
      mints.push(mint);
      const how = answer;
      const give = (): TokenResponse => {
        flights.delete(signal);
        if (how === 'unavailable') throw new Error('down');
        if (how === 'unauthenticated') throw Object.assign(new Error('no'), { status: 401 });
        if (how === 'junk') return '<html>';
        mint.delivered = how !== 'other-user';
        const iat = 1_000 + Math.floor(mint.at / 1_000);
        const raw = jwt({ sub: how === 'other-user' ? 'ben' : 'ada', iat, exp: iat + ttl, jti: (serial += 1) });
        lapsesAt.set(raw, mint.at + ttl * 1_000);
        return raw;
      };
      if (how === 'hang') return new Promise(() => signal.addEventListener('abort', () => flights.delete(signal)));
      if (how === 'slow') {
        return new Promise((resolve, reject) => {
          clock.setTimer(() => {
            try {
              resolve(give());
            } catch (error) {
              reject(error instanceof Error ? error : new Error('unknown'));
            }
          }, 3_000);
        });
      }
      return Promise.resolve().then(give);
    },
  });

  let last: ChatToken | null = null;
  const unsubscribes: (() => void)[] = [];
  const checkToken = (token: ChatToken | null, when: string) => {
    if (!token) return;
    expect(signedOut, `${when}: no token after sign-out`).toBe(false);
    expect(lapsesAt.get(token.raw()), `${when}: never an expired token`).toBeGreaterThan(trueNow());
    expect(token.claims?.sub, `${when}: never another's token`).toBe('ada');
    last = token;
  };
  const watch = (promise: Promise<ChatToken>) => {
    promise.then(
      (token) => check(() => checkToken(token, 'answer')),
      (error: unknown) => check(() => expect(ChatError.is(error)).toBe(true)),
    );
  };

  const play = async (list: Step[]) => {
    for (const current of list) {
      if (current.do === 'get') watch(manager.get());
      else if (current.do === 'renew' && last) watch(manager.renew(last));
      else if (current.do === 'refuse' && last) watch(manager.forceRefresh(last));
      else if (current.do === 'reset') manager.reset();
      else if (current.do === 'subscribe')
        unsubscribes.push(manager.subscribe(() => check(() => checkToken(manager.current, 'change'))));
      else if (current.do === 'unsubscribe') unsubscribes.pop()?.();
      else if (current.do === 'wake' || current.do === 'online' || current.do === 'offline') signals.emit(current.do);
      else if (current.do === 'hide' || current.do === 'show') signals.isVisible = current.do === 'show';
      else if (current.do === 'advance') await clock.advance(current.ms);
      else if (current.do === 'sleep') {
        await clock.settle(); // No machine sleeps between two promises.
        clock.sleep(current.ms);
        slept += current.ms;
      } else if (current.do === 'back') clock.shiftWall(-current.ms);
      else if (current.do === 'answer') answer = current.with;
      checkToken(manager.current, 'current');
      checkToken(manager.getSnapshot().token, 'snapshot');
      if (signedOut) expect(manager.getSnapshot().status).toBe('unauthenticated');
    }
  };

  await play(steps);
  await clock.settle();
  manager.signOut();
  signedOut = true;
  await play(after);
  await clock.advance(60_000);
  for (const unsubscribe of unsubscribes) unsubscribe();
  if (failures.length > 0) throw failures[0];
  // A slow answer of the endpoint itself may still be under way; the manager holds nothing.
  await clock.advance(10_000);
  expect(clock.pending, 'no timer is left').toBe(0);
}

it('never an expired token, never another’s, one flight, a floor between mints, nothing after sign-out', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(5, 15, 60, 300),
      fc.nat(),
      fc.array(step, { minLength: 1, maxLength: 40 }),
      fc.array(step, { maxLength: 8 }),
      run,
    ),
    { numRuns: 500 },
  );
}, 60_000);
