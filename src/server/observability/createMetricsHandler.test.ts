import { describe, expect, test, vi } from 'vitest';
import type { ChatError } from '../../protocol/index.ts';
import { checkMetricsOptions, createMetricsHandler } from './createMetricsHandler.ts';
import type { MetricsOptions } from './MetricsOptions.ts';

const token = 'a-token-for-the-scraper';
const meter = { contentType: 'text/plain; version=0.0.4', expose: () => Promise.resolve('figures 1\n') };
const loading = Promise.resolve(meter);
const silent = { error: () => {}, warn: () => {}, info: () => {} };
const ask = (authorization?: string, method = 'GET') =>
  new Request('http://chat.test/chat/metrics', { method, headers: authorization ? { authorization } : {} });

describe('GET /metrics', () => {
  test.each([
    [true],
    [null],
    [{}],
    [{ token: '' }],
    [{ token: 'short' }],
    [{ authorize: true }],
    [{ token, authorize() {} }],
  ])('is never open by accident: metrics %j is refused at the start', (options) => {
    expect(() => checkMetricsOptions(options as unknown as MetricsOptions)).toThrow(
      expect.objectContaining({ code: 'invalid_options' } satisfies Partial<ChatError>),
    );
  });

  test('gives the figures to whoever has the token', async () => {
    const response = await createMetricsHandler({ token }, loading, silent)(ask(`Bearer ${token}`));
    expect([response.status, await response.text()]).toEqual([200, 'figures 1\n']);
    expect(response.headers.get('content-type')).toBe(meter.contentType);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test.each([[undefined], ['Bearer '], [`Bearer ${token}x`], [`Basic ${token}`], [token]])(
    'and to nobody else: %s',
    async (authorization) => {
      const response = await createMetricsHandler({ token }, loading, silent)(ask(authorization));
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.text()).not.toContain('figures');
    },
  );

  test('asks the app where that decides; what throws lets nobody in and is logged', async () => {
    const error = vi.fn();
    const handle = (authorize: () => boolean | Promise<boolean>) =>
      createMetricsHandler({ authorize }, loading, { ...silent, error })(ask());
    expect((await handle(() => true)).status).toBe(200);
    expect((await handle(() => Promise.resolve(false))).status).toBe(401);
    expect((await handle((() => 'yes') as unknown as () => boolean)).status).toBe(401);
    expect(
      (
        await handle(() => {
          throw new Error('away');
        })
      ).status,
    ).toBe(500);
    expect(error).toHaveBeenCalledTimes(1);
  });

  test('takes GET alone', async () => {
    expect((await createMetricsHandler({ token }, loading, silent)(ask(`Bearer ${token}`, 'POST'))).status).toBe(405);
  });
});
