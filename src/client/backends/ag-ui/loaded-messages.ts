import type { MessagePart } from '../../../protocol/index.ts';
import type { LoadedMessage } from '../turns/TurnPort.ts';
import type { AgUiMessage } from './types.ts';

/** A conversation as a window shows it: what lies between two messages of a person is one answer. */
export function toLoadedMessages(messages: readonly AgUiMessage[]): LoadedMessage[] {
  const loaded: { id: string; role: 'user' | 'assistant'; parts: MessagePart[] }[] = [];
  for (const message of messages) {
    const { id, role } = message;
    if (role === 'user') loaded.push({ id, role, parts: [{ type: 'text', text: textOf(message.content) }] });
    else if (['assistant', 'reasoning', 'tool', 'activity'].includes(role)) {
      let answer = loaded.at(-1);
      if (answer?.role !== 'assistant') loaded.push((answer = { id, role: 'assistant', parts: [] }));
      answer.parts = withMessage(answer.parts, message);
    }
  }
  return loaded.filter(({ parts }) => parts.length > 0);
}

function withMessage(parts: readonly MessagePart[], message: AgUiMessage): MessagePart[] {
  const { id, role, content, toolCalls = [], toolCallId, activityType } = message;
  if (role === 'tool') {
    return parts.map((part) =>
      'toolCallId' in part && part.toolCallId === toolCallId
        ? { ...part, state: 'output-available', output: content }
        : part,
    );
  }
  if (role === 'activity') return [...parts, { type: 'data-activity', id, data: { activityType, content } }];
  const text = textOf(content);
  const said: MessagePart[] =
    text === '' ? [] : [{ type: role === 'reasoning' ? 'reasoning' : 'text', text, state: 'done' }];
  const calls = toolCalls.map((call): MessagePart => {
    const { name, arguments: given } = call.function;
    return { type: `tool-${name}`, toolCallId: call.id, state: 'input-available', input: parsed(given) };
  });
  return [...parts, ...said, ...calls];
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return (content as { type?: string; text?: string }[]).map(({ text = '' }) => text).join('');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
