import { describe, expect, test, vi } from 'vitest';
import { systemClock, type Clock } from '../clock.ts';
import { createHealth } from './createHealth.ts';

const get = (method = 'GET') => new Request('http://chat.test/chat/readyz', { method });

function health(options: { check?: () => Promise<void>; draining?: () => boolean; clock?: Clock } = {}) {
  const error = vi.fn();
  const check = vi.fn(options.check ?? (() => Promise.resolve()));
  const storage = vi.fn(() => Promise.resolve({ check }));
  const { live, ready } = createHealth({
    storage,
    isDraining: options.draining ?? (() => false),
    logger: { error, warn: () => {}, info: () => {} },
    clock: options.clock ?? systemClock,
  });
  return { live, ready, check, storage, error };
}

describe('health', () => {
  test('/healthz says that the process lives, and asks no database', async () => {
    const { live, storage } = health({ check: () => Promise.reject(new Error('away')), draining: () => true });
    const response = live(get());
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(storage).not.toHaveBeenCalled();
    expect(live(get('POST')).status).toBe(405);
  });

  test('/readyz asks the database', async () => {
    const { ready, check } = health();
    const response = await ready(get('HEAD'));
    expect(response.status).toBe(200);
    expect(check).toHaveBeenCalledTimes(1);
    expect((await ready(get('POST'))).status).toBe(405);
  });

  test('/readyz is 503 while the database is away, which is logged, and 200 when it is back', async () => {
    let away = true;
    const { ready, error } = health({ check: () => (away ? Promise.reject(new Error('away')) : Promise.resolve()) });
    const response = await ready(get());
    expect([response.status, await response.json()]).toEqual([
      503,
      expect.objectContaining({ code: 'database_unavailable', retryable: true }),
    ]);
    expect(error).toHaveBeenCalledWith(expect.any(String), expect.objectContaining({ event: 'database.unavailable' }));
    away = false;
    expect((await ready(get())).status).toBe(200);
  });

  test('/readyz is 503 on the way out, without asking anybody', async () => {
    const { ready, check } = health({ draining: () => true });
    const response = await ready(get());
    expect([response.status, await response.json()]).toEqual([503, { status: 'draining' }]);
    expect(check).not.toHaveBeenCalled();
  });

  test('a database that never answers is a no after two seconds, and is asked once however many probe', async () => {
    let ring = () => {};
    const setTimer = vi.fn((fn: () => void, _ms: number) => {
      ring = fn;
      return () => {};
    });
    const { ready, check } = health({ check: () => new Promise(() => {}), clock: { now: () => 0, setTimer } });
    const answers = Promise.all([ready(get()), ready(get()), ready(get())]);
    await vi.waitFor(() => expect(check).toHaveBeenCalled());
    expect(setTimer).toHaveBeenCalledWith(expect.any(Function), 2_000);
    ring();
    expect((await answers).map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(check).toHaveBeenCalledTimes(1);
  });
});
