import { v7 as uuidv7 } from 'uuid';
import { textOf, type AnswerChunk, type ChatUser, type MessagePart } from '../../../protocol/index.ts';
import { runClientTools } from '../turns/client-tools.ts';
import { assistantOf } from '../turns/createTurnBackend.ts';
import { loadError } from '../turns/load-error.ts';
import { readTypedEvents } from '../turns/readEvents.ts';
import { refusal } from '../turns/refusal.ts';
import type { ChunkStream, LoadedThread, Turn, TurnCall, TurnMessage, TurnPort } from '../turns/TurnPort.ts';
import { AgUiHistory } from './AgUiHistory.ts';
import { EventTranslator, interruptCallId } from './EventTranslator.ts';
import { RunOrder } from './RunOrder.ts';
import { toLoadedMessages } from './loaded-messages.ts';
import type { AgUiBackendOptions, AgUiInterrupt, AgUiMessage } from './types.ts';
import { createUnfold } from './unfold.ts';

const PROTOCOL_VERSION = '1.0';

interface Conversation {
  history: AgUiHistory;
  /** Where each answer begins in it. */
  marks: Map<string, number>;
  interrupts: AgUiInterrupt[];
}

/** An agent that speaks AG-UI, version 1.0, over server-sent events. */
export class AgUiPort implements TurnPort {
  readonly assistant: ChatUser;
  readonly retryDropsLater = true;
  readonly load?: TurnPort['load'];
  readonly #options: AgUiBackendOptions;
  readonly #conversations = new Map<string, Conversation>();

  constructor(options: AgUiBackendOptions) {
    this.#options = options;
    this.assistant = assistantOf(options.assistant);
    if (options.loadMessages) this.load = (call) => this.#load(call);
  }

  async run(turn: Turn): Promise<ChunkStream> {
    const { threadId, kind, messages, answer, signal, fetch } = turn;
    const conversation = this.#conversation(threadId);
    const { history, marks } = conversation;
    const asked = messages.at(-1)?.message;
    const question: AgUiMessage[] =
      kind === 'send' && asked ? [{ id: asked.id, role: 'user', content: textOf(asked.parts) }] : [];
    const kept = kind === 'retry' ? (marks.get(answer.id) ?? history.placeOf(answer.id)) : history.length;
    const { headers, credentials = 'same-origin', url } = this.#options;
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        ...(typeof headers === 'function' ? headers() : headers),
      },
      body: JSON.stringify(this.#inputOf(turn, conversation, [...history.messages.slice(0, kept), ...question])),
      credentials,
      signal,
    });
    if (!response.ok) throw refusal(response, Date.now());
    history.truncate(kept);
    for (const message of question) history.push(message);
    if (kind !== 'go-on') marks.set(answer.id, history.length);
    const decided = kind === 'go-on' ? decidedChunks(conversation.interrupts, answer.parts) : [];
    conversation.interrupts = [];
    return this.#chunks(response, conversation, turn, decided);
  }

  async ended({ message }: TurnMessage, call: TurnCall): Promise<MessagePart[] | null> {
    const { tools = {} } = this.#options;
    const runs = Object.fromEntries(Object.entries(tools).map(([name, { run }]) => [name, run]));
    const parts = await runClientTools(message.parts, runs, call.signal);
    if (!parts) return null;
    const { history } = this.#conversation(call.threadId);
    for (const [index, part] of parts.entries()) {
      if (part === message.parts[index] || !('toolCallId' in part)) continue;
      const content = part.errorText ?? (typeof part.output === 'string' ? part.output : JSON.stringify(part.output));
      history.pushResult({ id: uuidv7(), role: 'tool', toolCallId: part.toolCallId, content });
    }
    return parts;
  }

  changed(threadId: string): void {
    const { history } = this.#conversation(threadId);
    const messages = structuredClone([...history.messages]);
    this.#options.saveMessages?.({ threadId, messages, state: history.state });
  }

  #inputOf({ threadId, kind, answer }: Turn, { history, interrupts }: Conversation, messages: AgUiMessage[]): object {
    const { tools = {}, context, forwardedProps = {} } = this.#options;
    return {
      threadId,
      runId: uuidv7(),
      protocolVersion: PROTOCOL_VERSION,
      state: history.state,
      messages,
      tools: Object.entries(tools).map(([name, { description, parameters = { type: 'object' } }]) => ({
        name,
        description,
        parameters,
      })),
      context: context?.() ?? [],
      forwardedProps,
      ...(kind === 'go-on' && interrupts.length > 0 && { resume: this.#resumeOf(interrupts, answer.parts) }),
    };
  }

  #resumeOf(interrupts: readonly AgUiInterrupt[], parts: readonly MessagePart[]): object[] {
    return interrupts.map((interrupt) => {
      const { approved, reason } = approvalOf(interrupt.id, parts) ?? {};
      if (approved === undefined) return { interruptId: interrupt.id, status: 'cancelled' };
      const decision = { approved, ...(reason !== undefined && { reason }) };
      const payload = this.#options.resumePayload?.(interrupt, decision) ?? decision;
      return { interruptId: interrupt.id, status: 'resolved', payload };
    });
  }

  async *#chunks(
    response: Response,
    conversation: Conversation,
    { threadId, answer }: Turn,
    decided: AnswerChunk[],
  ): AsyncGenerator<AnswerChunk[], void> {
    const { history } = conversation;
    const unfold = createUnfold();
    const order = new RunOrder();
    const translator = new EventTranslator(history, answer.parts);
    if (decided.length > 0) yield decided;
    for await (const events of readTypedEvents(response)) {
      const chunks: AnswerChunk[] = [];
      const { state } = history;
      let bad: unknown = null;
      try {
        for (const each of events) {
          for (const event of unfold(each)) {
            order.check(event);
            history.apply(event);
            chunks.push(...translator.translate(event));
          }
        }
      } catch (thrown) {
        bad = thrown;
      }
      conversation.interrupts = translator.interrupts;
      if (history.state !== state) this.#options.onState?.({ threadId, state: history.state });
      if (chunks.length > 0) yield chunks;
      if (bad !== null) throw bad as Error;
    }
  }

  async #load({ threadId, signal, fetch }: TurnCall): Promise<LoadedThread> {
    const loading = this.#options.loadMessages!({ threadId, signal, fetch });
    const { messages, state = this.#options.initialState ?? {} } = await loading.catch((thrown: unknown) => {
      throw loadError(thrown);
    });
    const history = new AgUiHistory(messages, state);
    this.#conversations.set(threadId, { history, marks: new Map(), interrupts: [] });
    return { messages: toLoadedMessages(messages) };
  }

  #conversation(threadId: string): Conversation {
    let conversation = this.#conversations.get(threadId);
    if (!conversation) {
      const history = new AgUiHistory([], structuredClone(this.#options.initialState ?? {}));
      conversation = { history, marks: new Map(), interrupts: [] };
      this.#conversations.set(threadId, conversation);
    }
    return conversation;
  }
}

function approvalOf(interruptId: string, parts: readonly MessagePart[]) {
  const part = parts.find((each) => 'approval' in each && each.approval?.id === interruptId);
  return part && 'approval' in part ? part.approval : undefined;
}

/** A call that only stands for an interrupt has no result of its own: the decision is it. */
function decidedChunks(interrupts: readonly AgUiInterrupt[], parts: readonly MessagePart[]): AnswerChunk[] {
  return interrupts.flatMap(({ id }): AnswerChunk[] => {
    const toolCallId = interruptCallId(id);
    if (!parts.some((part) => 'toolCallId' in part && part.toolCallId === toolCallId)) return [];
    const { approved, reason } = approvalOf(id, parts) ?? {};
    if (approved !== true) return [{ type: 'tool-output-denied', toolCallId }];
    return [{ type: 'tool-output-available', toolCallId, output: reason ?? true }];
  });
}
