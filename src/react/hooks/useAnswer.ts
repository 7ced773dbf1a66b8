import { useMemo } from 'react';
import type { MessageEntry, PartAction } from '../../client/index.ts';
import { useThreadState } from './useThreadState.ts';

export interface AnswerResult {
  /** The assistant's answer that grows in the thread; null while none does. */
  running: MessageEntry | null;
  /** Ends an answer for everybody; by default the one that grows. Rejects with a `ChatError`. Stable. */
  stop: (messageId?: string) => Promise<void>;
  /** Has an answer given anew, in its place. Rejects with a `ChatError`. Stable. */
  retry: (messageId: string) => Promise<void>;
  /** Tells what the person did to a `data-` part of an answer, in the words of the backend. Rejects with a `ChatError`. Stable. */
  act: (messageId: string, action: PartAction) => Promise<void>;
  /** Says whether a tool may run that an answer asks for. Rejects with a `ChatError`. Stable. */
  decide: (messageId: string, decision: { approvalId: string; approved: boolean; reason?: string }) => Promise<void>;
}

/** So many messages later an answer that still says it grows has been left behind: nobody looks through a long thread for one. */
const GROWS_WITHIN = 1_000;

/** The assistant in a conversation: what it is about to say, and what one can do about it. */
export function useAnswer(threadId: string): AnswerResult {
  const [handle, { entries }] = useThreadState(threadId, 'useAnswer()');
  const before = Math.max(0, entries.length - GROWS_WITHIN);
  const latest = before > 0 ? entries.messages.slice(before) : entries.messages;
  const at = latest.findLastIndex(({ answer }) => answer?.status === 'streaming');
  const running = (at >= 0 && entries.at(before + at)) || null;
  const runningId = running?.message.id;
  return useMemo(
    () => ({
      running,
      stop: async (messageId = runningId) => {
        if (messageId !== undefined) await handle?.stopAnswer(messageId);
      },
      retry: async (messageId) => handle?.retryAnswer(messageId),
      act: async (messageId, action) => handle?.actOnPart(messageId, action),
      decide: async (messageId, decision) => handle?.decideTool(messageId, decision),
    }),
    [handle, running, runningId],
  );
}
