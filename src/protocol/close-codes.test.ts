import { describe, expect, test } from 'vitest';
import { CLOSE_CODES, closeAction, closeError } from './close-codes.ts';

describe('close codes', () => {
  test('each lies in the range of its action, and none is used twice', () => {
    const ranges = { stop: [4000, 4099], renew: [4100, 4199], backoff: [4200, 4299] } as const;
    for (const { code, action } of Object.values(CLOSE_CODES)) {
      expect(code).toBeGreaterThanOrEqual(ranges[action][0]);
      expect(code).toBeLessThanOrEqual(ranges[action][1]);
    }
    const codes = Object.values(CLOSE_CODES).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  test.each([
    [1000, 'backoff'],
    [1006, 'backoff'],
    [1008, 'stop'],
    [1009, 'stop'],
    [1012, 'backoff'],
    [1013, 'backoff'],
    [4042, 'stop'],
    [4142, 'renew'],
    [4242, 'backoff'],
  ] as const)('%i, which may come from a newer server or a proxy, means %s', (code, action) => {
    expect(closeAction(code)).toBe(action);
  });

  test('a code that nobody registered is explained as a lost connection', () => {
    expect(closeError(1006)).toBe('connection_lost');
    expect(closeError(CLOSE_CODES.token_lapsed.code)).toBe('token_expired');
  });
});
