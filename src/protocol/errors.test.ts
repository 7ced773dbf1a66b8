import { describe, expect, test } from 'vitest';
import { ChatError, ERROR_REGISTRY } from './errors.ts';

describe('ChatError', () => {
  test('T50 every code tells status, whether to try again, and the remedy in a sentence', () => {
    for (const [code, { status, remediation }] of Object.entries(ERROR_REGISTRY)) {
      expect(status, code).toBeGreaterThanOrEqual(400);
      expect(remediation, code).toMatch(/^[A-Z].{8,}\.$/);
    }
  });

  test('is told from other errors, also when a second copy of the package made it', () => {
    const foreign = Object.assign(new Error('from another bundle'), { [Symbol.for('latchkit.ChatError')]: true });
    expect(ChatError.is(new ChatError('internal', 'x'))).toBe(true);
    expect(ChatError.is(foreign)).toBe(true);
    expect(ChatError.is(new Error('x'))).toBe(false);
    expect(ChatError.is(null)).toBe(false);
  });

  test('travels and comes back with what matters', () => {
    const sent = new ChatError('rate_limited', 'Too fast.', { retryAfterMs: 1500, cause: new Error('secret inside') });
    const wire = JSON.parse(JSON.stringify(sent.toWire())) as ReturnType<ChatError['toWire']>;
    expect(wire).toEqual({ code: 'rate_limited', message: 'Too fast.', retryable: true, retryAfterMs: 1500 });
    expect(ChatError.fromWire(wire)).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: 1500 });
  });

  test.each(['from_the_future', 'constructor', '__proto__'])(
    'a code that this version does not know (%s) is internal',
    (code) => {
      expect(ChatError.fromWire({ code, message: 'x' }).code).toBe('internal');
    },
  );
});
