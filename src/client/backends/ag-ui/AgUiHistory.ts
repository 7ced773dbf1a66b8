import type { TypedEvent } from '../turns/readEvents.ts';
import { applyPatch, OPERATIONS } from './json-patch.ts';
import type { AgUiMessage } from './types.ts';

type Stored = AgUiMessage & { metadata?: object } & Record<string, unknown>;

/** Events whose metadata is the message’s or the call’s. */
const TELLS = new Set(
  ['TEXT_MESSAGE', 'REASONING_MESSAGE', 'TOOL_CALL'].flatMap((kind) =>
    ['START', 'CONTENT', 'ARGS', 'END'].map((moment) => `${kind}_${moment}`),
  ),
);

/** A conversation as the agent is told of it: AG-UI's own messages, and the state that page and agent share. */
export class AgUiHistory {
  #messages: Stored[];
  state: unknown;

  constructor(messages: readonly AgUiMessage[], state: unknown) {
    this.#messages = messages.map((message) => structuredClone(message) as Stored);
    this.state = state;
  }

  get messages(): readonly AgUiMessage[] {
    return this.#messages;
  }

  /** How many there are: {@link truncate} goes back to it. */
  get length(): number {
    return this.#messages.length;
  }

  truncate(length: number): void {
    this.#messages.length = Math.min(length, this.#messages.length);
  }

  push(message: AgUiMessage): void {
    this.#messages.push(message as Stored);
  }

  find(id: unknown): Stored | undefined {
    return this.#messages.find((message) => message.id === id);
  }

  /** Where a message stands; behind the last one, if it is not there. */
  placeOf(id: string): number {
    const at = this.#messages.findIndex((message) => message.id === id);
    return at < 0 ? this.length : at;
  }

  /** The call of a tool. */
  call(id: unknown) {
    return this.#messages.flatMap(({ toolCalls }) => toolCalls ?? []).find((call) => call.id === id);
  }

  /** Puts what a tool gave behind the call. */
  pushResult(message: AgUiMessage): void {
    const isMaker = ({ role, toolCalls }: Stored) =>
      role === 'assistant' && toolCalls?.some(({ id }) => id === message.toolCallId) === true;
    let at = this.#messages.findIndex(isMaker) + 1;
    if (at === 0) at = this.#messages.length;
    else while (this.#messages[at]?.role === 'tool') at += 1;
    this.#messages.splice(at, 0, message as Stored);
  }

  /** Events that do not go with what there is change nothing: how the answer fails by them is its own to say. */
  apply(event: TypedEvent): void {
    const { messageId, toolCallId } = event;
    this.#apply(event);
    // The newest word on a field counts.
    const { metadata } = event;
    const entity = toolCallId === undefined ? this.find(messageId) : this.call(toolCallId);
    if (TELLS.has(event.type) && entity && typeof metadata === 'object' && metadata !== null)
      Object.assign(entity, { metadata: { ...(entity as Stored).metadata, ...metadata } });
  }

  #apply(event: TypedEvent): void {
    const { messageId, toolCallId, delta } = event;
    switch (event.type) {
      case 'RUN_STARTED':
        return this.#learn((event.input as { messages?: Stored[] } | undefined)?.messages ?? []);
      case 'TEXT_MESSAGE_START':
        return this.#begin(event, (event.role as string | undefined) ?? 'assistant');
      case 'REASONING_MESSAGE_START':
        return this.#begin(event, 'reasoning');
      case 'TEXT_MESSAGE_CONTENT':
      case 'REASONING_MESSAGE_CONTENT':
        return this.#grow(messageId, delta as string);
      case 'TOOL_CALL_START':
        return this.#beginCall(event);
      case 'TOOL_CALL_ARGS': {
        const call = this.call(toolCallId);
        if (call) call.function.arguments += delta as string;
        return undefined;
      }
      case 'TOOL_CALL_RESULT':
        return this.pushResult({
          ...{ id: messageId as string, toolCallId: toolCallId as string },
          ...{ role: (event.role as string | undefined) ?? 'tool', content: event.content, ...subagent(event) },
        });
      case 'STATE_SNAPSHOT':
        this.state = event.snapshot;
        return undefined;
      case 'STATE_DELTA':
        this.state = patched(this.state, event.delta);
        return undefined;
      case 'MESSAGES_SNAPSHOT':
        return this.#replace(event);
      case 'ACTIVITY_SNAPSHOT':
        return this.#putActivity(event);
      case 'ACTIVITY_DELTA': {
        const activity = this.find(messageId);
        if (activity?.role === 'activity') activity.content = patched(activity.content ?? {}, event.patch ?? []);
        return undefined;
      }
      case 'REASONING_ENCRYPTED_VALUE':
        return this.#keepEncrypted(event);
    }
  }

  #learn(messages: readonly Stored[]): void {
    for (const message of messages) if (!this.find(message.id)) this.#messages.push(structuredClone(message));
  }

  #begin(event: TypedEvent, role: string): void {
    const { messageId, name } = event;
    if (this.find(messageId)) return;
    const named = name === undefined ? {} : { name };
    this.#messages.push({ id: messageId as string, role, content: '', ...named, ...subagent(event) });
  }

  #grow(messageId: unknown, delta: string): void {
    const message = this.find(messageId);
    if (!message || message.role === 'activity') return;
    message.content = (typeof message.content === 'string' ? message.content : '') + delta;
  }

  #beginCall(event: TypedEvent): void {
    const { toolCallName, parentMessageId } = event;
    const id = event.toolCallId as string;
    const known = this.call(id);
    if (known) return void (known.function.name = toolCallName as string);
    const parent = this.find(parentMessageId);
    let maker = parent?.role === 'assistant' ? parent : undefined;
    if (!maker) {
      const ownId = parent || typeof parentMessageId !== 'string' ? id : parentMessageId;
      maker = { id: ownId, role: 'assistant', toolCalls: [], ...subagent(event) };
      this.#messages.push(maker);
    }
    const call = { id, type: 'function' as const, function: { name: toolCallName as string, arguments: '' } };
    maker.toolCalls = [...(maker.toolCalls ?? []), call];
  }

  /** What the agent has in place of what is here; it need not speak of activities and reasoning. */
  #replace(event: TypedEvent): void {
    const given = structuredClone(event.messages as Stored[]);
    const byId = new Map(given.map((message) => [message.id, message]));
    const speaksOf = (role: string) => given.some((message) => message.role === role);
    const stays = ({ id, role }: Stored) =>
      byId.has(id) || ((role === 'activity' || role === 'reasoning') && !speaksOf(role));
    const kept = this.#messages.filter(stays).map((message) => byId.get(message.id) ?? message);
    const ids = new Set(kept.map(({ id }) => id));
    this.#messages = [...kept, ...given.filter(({ id }) => !ids.has(id))];
  }

  #putActivity(event: TypedEvent): void {
    const { messageId, activityType, replace = true } = event;
    const activity: Stored = {
      ...{ id: messageId as string, role: 'activity', activityType: activityType as string },
      ...{ content: structuredClone(event.content), ...subagent(event) },
    };
    const at = this.#messages.findIndex(({ id }) => id === messageId);
    if (at < 0) this.#messages.push(activity);
    else if (replace !== false) this.#messages[at] = activity;
  }

  #keepEncrypted({ subtype, entityId, encryptedValue }: TypedEvent): void {
    const entity = subtype === 'tool-call' ? this.call(entityId) : this.find(entityId);
    if (entity) Object.assign(entity, { encryptedValue });
  }
}

function subagent({ subagentRunId }: TypedEvent): { subagentRunId?: unknown } {
  return subagentRunId === undefined || subagentRunId === null ? {} : { subagentRunId };
}

/** A patch that does not fit changes nothing; what a later version can do besides is left out of one. */
function patched(document: unknown, patch: unknown): unknown {
  try {
    return applyPatch(
      document,
      (patch as { op: string }[]).filter(({ op }) => OPERATIONS.has(op)),
    );
  } catch {
    return document;
  }
}
