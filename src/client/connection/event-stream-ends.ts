import { ChatError, ERROR_REGISTRY } from '../../protocol/index.ts';
import { readRetryAfter } from '../auth/fetch-errors.ts';
import type { LineEnd } from './Transport.ts';

const LOST: LineEnd = { code: 1006, reason: '' };

/** What an `event: close` says: a socket's close code and reason. Junk counts as a lost line. */
export function readEnd(data: string): LineEnd {
  const value = readJson(data);
  if (!isRecord(value) || typeof value.code !== 'number') return LOST;
  return { code: value.code, reason: typeof value.reason === 'string' ? value.reason : '' };
}

/**
 * What an HTTP answer other than the expected one means. 401, 403 and 400 count only as the server's own word, a problem document
 * with a code of LatchKit's: a proxy on the way says the same, and must not end the chat for good.
 */
export async function readRefusal(response: Response, now: number): Promise<LineEnd> {
  const { status } = response;
  const isProblem = response.headers.get('content-type')?.includes('json');
  const problem = isProblem ? readJson(await response.text()) : undefined;
  const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), now);
  const make = (code: keyof typeof ERROR_REGISTRY, detail: string) =>
    new ChatError(code, detail, { status, retryAfterMs });
  if (isRecord(problem) && typeof problem.code === 'string' && Object.hasOwn(ERROR_REGISTRY, problem.code)) {
    const code = problem.code as keyof typeof ERROR_REGISTRY;
    const error = make(code, typeof problem.detail === 'string' ? problem.detail : `The server answered ${status}.`);
    if (status === 401) return { code: 4100, reason: code, error };
    if (status === 400 || status === 403) return { code: 1008, reason: code, error };
    if (status === 413) return { code: 1009, reason: code, error };
    if (status === 429 || status === 503) return { code: 1013, reason: code, error };
    return { ...LOST, reason: code, error };
  }
  const error = make('connection_lost', `The server’s event stream was answered with ${status}.`);
  return { code: status === 429 || status === 503 ? 1013 : 1006, reason: '', error };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Undefined for what is not JSON. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
