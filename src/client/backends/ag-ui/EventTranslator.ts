import type { AnswerChunk, MessagePart } from '../../../protocol/index.ts';
import type { TypedEvent } from '../turns/readEvents.ts';
import type { AgUiHistory } from './AgUiHistory.ts';
import type { AgUiInterrupt, AgUiMessage } from './types.ts';

/** Makes an answer's chunks of one run's events. The history is that of the run, with each event applied before it is translated. */
export class EventTranslator {
  readonly #history: AgUiHistory;
  /** Texts, reasoning and calls that the answer has. */
  readonly #told = new Set<string>();
  /** Calls whose result is still to come. */
  readonly #pending = new Set<string>();
  /** Calls whose input is still written, by id: the tool, and what it gave already. */
  readonly #writing = new Map<string, { name: string; result?: { content: unknown } }>();
  readonly #open = new Map<string, 'text' | 'reasoning'>();
  /** With what the run ended. */
  interrupts: AgUiInterrupt[] = [];

  /** @param parts what the answer goes on from */
  constructor(history: AgUiHistory, parts: readonly MessagePart[]) {
    this.#history = history;
    for (const message of history.messages) this.#told.add(message.id);
    for (const part of parts) {
      if (!('toolCallId' in part)) continue;
      this.#told.add(part.toolCallId);
      if (!part.state.startsWith('output-')) this.#pending.add(part.toolCallId);
    }
  }

  /** @param event one whose order was checked */
  translate(event: TypedEvent): AnswerChunk[] {
    const { type } = event;
    const id = (event.messageId ?? event.toolCallId) as string;
    switch (type) {
      case 'TEXT_MESSAGE_START':
        // What others say in a run is in the history alone.
        return (event.role ?? 'assistant') === 'assistant' ? this.#begin('text', id) : [];
      case 'REASONING_MESSAGE_START':
        return this.#begin('reasoning', id);
      case 'TEXT_MESSAGE_CONTENT':
      case 'REASONING_MESSAGE_CONTENT':
        return this.#grow(id, event.delta, type.startsWith('TEXT') ? 'text' : 'reasoning');
      case 'TEXT_MESSAGE_END':
      case 'REASONING_MESSAGE_END':
        return this.#end(id);
      case 'TOOL_CALL_START':
        this.#told.add(id);
        this.#pending.add(id);
        this.#writing.set(id, { name: event.toolCallName as string });
        return [{ type: 'tool-input-start', toolCallId: id, toolName: event.toolCallName }];
      case 'TOOL_CALL_ARGS':
        return [{ type: 'tool-input-delta', toolCallId: id, inputTextDelta: event.delta }];
      case 'TOOL_CALL_END':
        return this.#called(id);
      case 'TOOL_CALL_RESULT':
        return this.#result(event.toolCallId as string, event.content);
      case 'ACTIVITY_SNAPSHOT':
      case 'ACTIVITY_DELTA':
        return this.#activity(id);
      case 'MESSAGES_SNAPSHOT':
        return this.#snapshot();
      case 'CUSTOM':
        return [{ type: `data-${String(event.name)}`, data: event.value }];
      case 'RUN_FINISHED':
        return this.#finish(event.outcome as { type: string; interrupts?: AgUiInterrupt[] } | undefined);
      case 'RUN_ERROR':
        return [{ type: 'error', errorText: event.message }];
      default:
        return []; // Steps, subagents, state and what a later version has.
    }
  }

  #begin(kind: 'text' | 'reasoning', id: string): AnswerChunk[] {
    this.#told.add(id);
    this.#open.set(id, kind);
    return [{ type: `${kind}-start`, id }];
  }

  #grow(id: string, delta: unknown, kind: 'text' | 'reasoning'): AnswerChunk[] {
    if (
      !this.#open.has(id) &&
      this.#history.find(id) &&
      this.#history.find(id)?.role !== 'assistant' &&
      kind === 'text'
    )
      return [];
    return [{ type: `${kind}-delta`, id, delta }];
  }

  #end(id: string): AnswerChunk[] {
    const kind = this.#open.get(id);
    this.#open.delete(id);
    return kind ? [{ type: `${kind}-end`, id }] : [];
  }

  #called(id: string): AnswerChunk[] {
    const { name = '', result } = this.#writing.get(id) ?? {};
    this.#writing.delete(id);
    const input = this.#input(id, name);
    return result ? [...input, ...this.#result(id, result.content)] : input;
  }

  #input(id: string, toolName = ''): AnswerChunk[] {
    const call = this.#history.call(id);
    if (!call) {
      // A snapshot came in the middle of it, and does not have it.
      return [{ type: 'tool-input-error', toolCallId: id, toolName, errorText: 'The agent took the call back.' }];
    }
    const { name, arguments: text } = call.function;
    const named = { toolCallId: id, toolName: name };
    try {
      return [{ type: 'tool-input-available', ...named, input: text === '' ? {} : (JSON.parse(text) as unknown) }];
    } catch {
      return [
        { type: 'tool-input-error', ...named, input: text, errorText: 'The tool was called with half an input.' },
      ];
    }
  }

  #result(id: string, content: unknown): AnswerChunk[] {
    const writing = this.#writing.get(id);
    if (writing) {
      // A tool that is quicker than its own input: it waits for that.
      writing.result = { content };
      return [];
    }
    // Of a call that is not this answer's.
    if (!this.#pending.delete(id)) return [];
    return [{ type: 'tool-output-available', toolCallId: id, output: outputOf(content) }];
  }

  #activity(id: string): AnswerChunk[] {
    const activity = this.#history.find(id);
    if (activity?.role !== 'activity') return [];
    const { activityType, content } = activity;
    return [{ type: 'data-activity', id, data: structuredClone({ activityType, content }) }];
  }

  /** What of it comes after the question, and was not told as it came. */
  #snapshot(): AnswerChunk[] {
    const { messages } = this.#history;
    const news = messages.slice(messages.findLastIndex(({ role }) => role === 'user') + 1);
    return news.flatMap((message) => [...this.#whole(message), ...this.#calls(message)]);
  }

  #whole({ id, role, content, toolCallId }: AgUiMessage): AnswerChunk[] {
    if (role === 'tool') return this.#result(toolCallId ?? '', content);
    const kind = role === 'assistant' ? 'text' : role === 'reasoning' ? 'reasoning' : null;
    if (kind === null || typeof content !== 'string' || content === '' || this.#told.has(id)) return [];
    return [...this.#begin(kind, id), { type: `${kind}-delta`, id, delta: content }, ...this.#end(id)];
  }

  #calls({ toolCalls = [] }: AgUiMessage): AnswerChunk[] {
    return toolCalls.flatMap(({ id }) => {
      if (this.#told.has(id)) return [];
      this.#told.add(id);
      this.#pending.add(id);
      return this.#input(id);
    });
  }

  #finish(outcome: { type: string; interrupts?: AgUiInterrupt[] } | undefined): AnswerChunk[] {
    const left = [...this.#open.keys()].flatMap((id) => this.#end(id));
    if (outcome?.type === 'cancelled') return [...left, { type: 'abort' }];
    this.interrupts = outcome?.type === 'interrupt' ? (outcome.interrupts ?? []) : [];
    return [...left, ...this.interrupts.flatMap((interrupt) => this.#ask(interrupt)), { type: 'finish' }];
  }

  /** An interrupt is a question on the tool that it names, else on one that stands for it. */
  #ask({ id, reason, message, toolCallId, metadata }: AgUiInterrupt): AnswerChunk[] {
    const request = { type: 'tool-approval-request', approvalId: id };
    if (toolCallId !== undefined && this.#pending.has(toolCallId)) return [{ ...request, toolCallId }];
    const own = interruptCallId(id);
    const input = { ...(message !== undefined && { message }), ...(metadata !== undefined && { metadata }) };
    return [
      { type: 'tool-input-available', toolCallId: own, toolName: reason ?? 'interrupt', title: message, input },
      { ...request, toolCallId: own },
    ];
  }
}

/** The call that stands for an interrupt without one. */
export function interruptCallId(interruptId: string): string {
  return `interrupt-${interruptId}`;
}

function outputOf(content: unknown): unknown {
  if (typeof content !== 'string') return content ?? null;
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return content;
  }
}
