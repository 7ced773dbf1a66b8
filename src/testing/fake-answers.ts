import type { ToolDecision } from '../client/index.ts';
import type { Message, MessagePart } from '../protocol/index.ts';
import type { FakeConversation } from './FakeConversation.ts';

/** Begins an answer anew: what it is, the test says. */
export function retryAnswer(thread: FakeConversation, messageId: string): Message {
  const run = (thread.get(messageId)?.answer?.run ?? 0) + 1;
  return thread.setAnswer(messageId, { status: 'streaming', run, at: 0, error: null }, []);
}

/** Enters what a person said about a tool; the answer goes on when the test has it go on. */
export function decideTool(
  thread: FakeConversation,
  messageId: string,
  { approvalId, approved, reason }: ToolDecision,
): Message {
  const parts = partsOf(thread, messageId).map((part): MessagePart => {
    if (!('approval' in part) || part.approval?.id !== approvalId) return part;
    return { ...part, state: 'approval-responded', approval: { id: approvalId, approved, reason } };
  });
  return thread.setAnswer(messageId, {}, parts);
}

/** The answer as it is: what the app makes of an act, the test says. */
export function actOnPart(thread: FakeConversation, messageId: string): Message {
  return thread.setAnswer(messageId, {}, partsOf(thread, messageId));
}

function partsOf(thread: FakeConversation, messageId: string): MessagePart[] {
  return thread.get(messageId)?.parts ?? [];
}
