import { describe, expect, test, vi } from 'vitest';
import { systemClock } from './clock.ts';
import { UnderWay } from './UnderWay.ts';

describe('what is under way', () => {
  test('is waited for, failures too', async () => {
    const underWay = new UnderWay(systemClock);
    let finish = () => {};
    const slow = underWay.track(new Promise<void>((resolve) => (finish = resolve)));
    const failing = underWay.track(Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    const idle = vi.fn();
    const waiting = underWay.idle(60_000).then(idle);
    await Promise.resolve();
    expect(idle).not.toHaveBeenCalled();
    finish();
    await Promise.all([slow, waiting]);
    expect(idle).toHaveBeenCalledWith(true);
    expect(await underWay.idle(0)).toBe(true);
  });

  test('but not for longer than it may take', async () => {
    let ring = () => {};
    const underWay = new UnderWay({
      now: () => 0,
      setTimer(fn) {
        ring = fn;
        return () => {};
      },
    });
    void underWay.track(new Promise(() => {}));
    const idle = underWay.idle(5_000);
    ring();
    expect(await idle).toBe(false);
  });
});
