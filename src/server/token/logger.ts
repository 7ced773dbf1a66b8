import type { Logger } from '../types.ts';

const SECRET_KEY = /^(authorization|cookie|set-cookie|sec-websocket-protocol|token|secret|password)$/i;
const REDACTED = '[redacted]';
const MAX_DEPTH = 6;

/** Takes out of a text what must not be in a log: tokens, credentials of a URL, values of headers that carry either. */
function redactText(text: string): string {
  return text
    .replace(/eyJ[\w-]{5,}(?:\.[\w-]*)*/g, REDACTED)
    .replace(/\b(authorization|cookie|set-cookie|sec-websocket-protocol)(["']?\s*[:=]\s*)[^\n]+/gi, `$1$2${REDACTED}`)
    .replace(/([?&](?:access_)?token=)[^&\s"']+/gi, `$1${REDACTED}`)
    .replace(/(:\/\/)[^/\s@]+@/g, `$1${REDACTED}@`);
}

function redactValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return '[…]';
  if (value instanceof Error) {
    // Only these: errors of libraries carry the payload or the connection's options in fields of their own.
    const { name, message, stack, cause } = value;
    const code = 'code' in value ? value.code : undefined;
    return {
      name,
      message: redactText(message),
      ...(typeof code === 'string' && { code }),
      ...(stack !== undefined && { stack: redactText(stack) }),
      ...(cause !== undefined && { cause: redactValue(cause, depth + 1) }),
    };
  }
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, SECRET_KEY.test(key) ? REDACTED : redactValue(item, depth + 1)]),
  );
}

/** The same logger with every message and detail redacted first: an app's own logger gets no token either. */
export function redactingLogger(logger: Logger): Logger {
  const pass =
    (level: keyof Logger): Logger['error'] =>
    (message, details) =>
      logger[level]?.(
        redactText(message),
        details === undefined ? undefined : (redactValue(details) as Record<string, unknown>),
      );
  // Without it, what is for `debug` goes to `info`: whoever logs it asks whether there is one.
  const debug = logger.debug && { debug: pass('debug') };
  return { error: pass('error'), warn: pass('warn'), info: pass('info'), ...debug };
}

const { console: terminal } = globalThis;

const write =
  (level: 'error' | 'warn' | 'info'): Logger['error'] =>
  (message, details) =>
    details === undefined
      ? terminal[level](`[latchkit] ${message}`)
      : terminal[level](`[latchkit] ${message}`, details);

/** Writes to the console, marked `[latchkit]`; each connection that comes and goes would only bury the rest. */
export const consoleLogger: Logger = {
  error: write('error'),
  warn: write('warn'),
  info: write('info'),
  debug: () => {},
};
