import { expect, it, vi } from 'vitest';
import { consoleLogger, redactingLogger } from './logger.ts';

const TOKEN = `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.sig_nature-1`;

it('T71 no token, header or password reaches a logger, however deep', () => {
  const seen: unknown[] = [];
  const collect = (...args: unknown[]) => void seen.push(args);
  const logger = redactingLogger({ error: collect, warn: collect, info: collect });
  const cause = Object.assign(new Error(`refused ${TOKEN}`, { cause: new Error('Cookie: sid=abc123') }), {
    payload: { email: 'ada@example.com' },
  });
  logger.error(`GET /chat?token=${TOKEN}&x=1 Authorization: Bearer abc123`, {
    cause,
    headers: { Authorization: 'Bearer abc123', cookie: 'sid=abc123', 'Set-Cookie': 'sid=abc123', accept: 'text/html' },
    frame: JSON.stringify({ type: 'auth.open', token: TOKEN }),
    list: [{ 'sec-websocket-protocol': 'abc123' }],
    database: 'postgres://app:abc123@db.example/chat',
  });
  const text = JSON.stringify(seen);
  expect(text).not.toMatch(/eyJ[\w-]{10}/);
  expect(text).not.toContain('abc123');
  expect(text).not.toContain('ada@example.com');
  expect(text).toContain('text/html');
  expect(text).toContain('db.example');
});

it('the default logger marks its lines', () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  consoleLogger.error('It broke', { code: 1 });
  expect(error).toHaveBeenCalledWith('[latchkit] It broke', { code: 1 });
  error.mockRestore();
});
