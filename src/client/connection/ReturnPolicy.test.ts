import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/index.ts';
import { ReturnPolicy } from './ReturnPolicy.ts';

const lost = { wasOpen: true, offline: false, retryAfterMs: undefined };
const restart = (reason: string) => ({ ...lost, end: { code: 1012, reason } });

/** The chance is 0.5 throughout. */
const policy = () => new ReturnPolicy(new FakeClock());

describe('how long to wait', () => {
  it.each([
    ['{"spreadMs":8000}', 4_000],
    ['{"spreadMs":0}', 0],
    ['{"spreadMs":1e12}', 150_000],
    ['{"spreadMs":-1}', 2_500],
    ['{"spreadMs":"8000"}', 2_500],
    ['null', 2_500],
    ['[]', 2_500],
    ['shutting down', 2_500],
    ['', 2_500],
  ])('C5 a restart that says %s: evenly within the time that it names, else within 5 s', (reason, ms) => {
    expect(policy().wait(restart(reason))).toBe(ms);
  });

  it('C5 a hint after another code is not heard', () => {
    expect(policy().wait({ ...lost, end: { code: 4200, reason: '{"spreadMs":0}' } })).toBe(3_750);
  });

  it('C5 a server that restarts again and again is not retried hot, whatever it says', () => {
    const returns = policy();
    expect([0, 1, 2].map(() => returns.wait(restart('{"spreadMs":0}')))).toEqual([0, 7_500, 15_000]);
    expect(returns.wait(restart('{"spreadMs":100000}'))).toBe(50_000);
    returns.reset();
    expect(returns.wait(restart('{"spreadMs":0}'))).toBe(0);
  });

  it('never less than the server asked for, nor than 30 s without a network', () => {
    expect(policy().wait({ ...lost, end: null, retryAfterMs: 90_000 })).toBe(90_000);
    expect(policy().wait({ ...lost, end: null, offline: true })).toBe(30_000);
  });
});

describe('what cuts it short', () => {
  it('C6 one signal in 5 s; the network’s return always, when it was waited for', async () => {
    const clock = new FakeClock();
    const returns = new ReturnPolicy(clock);
    const online = { online: true, waitsForNetwork: false };
    expect(returns.maySkip('offline', online)).toBe(false);
    expect(returns.maySkip('wake', { ...online, online: false })).toBe(false);
    expect(returns.maySkip('wake', online)).toBe(true);
    expect(returns.maySkip('online', online)).toBe(false);
    expect(returns.maySkip('online', { ...online, waitsForNetwork: true })).toBe(true);
    await clock.advance(5_000);
    expect(returns.maySkip('wake', online)).toBe(true);
  });
});
