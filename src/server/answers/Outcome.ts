import type { Answer, ChatErrorCode } from '../../protocol/index.ts';

/** How a run ended. */
export interface Outcome {
  status: Exclude<Answer['status'], 'streaming'>;
  error: Answer['error'];
}

export const DONE: Outcome = { status: 'done', error: null };
export const STOPPED: Outcome = { status: 'stopped', error: null };

export function failed(code: ChatErrorCode, message: string): Outcome {
  return { status: 'failed', error: { code, message } };
}
