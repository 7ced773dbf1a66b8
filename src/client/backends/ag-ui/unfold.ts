import { ChatError } from '../../../protocol/index.ts';
import type { TypedEvent } from '../turns/readEvents.ts';

interface Kind {
  id: 'messageId' | 'toolCallId';
  begin: string;
  grow: string;
  end: string;
}

const KINDS: Record<string, Kind> = {
  TEXT_MESSAGE_CHUNK: {
    id: 'messageId',
    begin: 'TEXT_MESSAGE_START',
    grow: 'TEXT_MESSAGE_CONTENT',
    end: 'TEXT_MESSAGE_END',
  },
  REASONING_MESSAGE_CHUNK: {
    id: 'messageId',
    begin: 'REASONING_MESSAGE_START',
    grow: 'REASONING_MESSAGE_CONTENT',
    end: 'REASONING_MESSAGE_END',
  },
  TOOL_CALL_CHUNK: { id: 'toolCallId', begin: 'TOOL_CALL_START', grow: 'TOOL_CALL_ARGS', end: 'TOOL_CALL_END' },
};
/** What may come between two chunks of one message. */
const BESIDE = new Set(['RAW', 'ACTIVITY_SNAPSHOT', 'ACTIVITY_DELTA', 'REASONING_ENCRYPTED_VALUE', 'SUBAGENT_STARTED']);

/** Writes the short form of messages and calls, one `…_CHUNK` after the other, out as begin, content and end. One per run. */
export function createUnfold(): (event: TypedEvent) => TypedEvent[] {
  let open: { kind: Kind; id: unknown; first: TypedEvent } | null = null;
  const close = (): TypedEvent[] => {
    if (!open) return [];
    const { kind, id } = open;
    open = null;
    return [{ type: kind.end, [kind.id]: id }];
  };
  return (event) => {
    const kind = Object.hasOwn(KINDS, event.type) ? KINDS[event.type] : undefined;
    if (!kind) return BESIDE.has(event.type) ? [event] : [...close(), event];
    const events: TypedEvent[] = [];
    const id = event[kind.id] ?? (open?.kind === kind ? open.id : undefined);
    if (id === undefined) throw new ChatError('answer_invalid', `The first ${event.type} names no ${kind.id}.`);
    if (open?.kind !== kind || open.id !== id) {
      // Its short form need not say what it is.
      const role = kind.begin === 'REASONING_MESSAGE_START' ? { role: 'reasoning' } : {};
      events.push(...close(), { ...role, ...event, type: kind.begin, [kind.id]: id });
      open = { kind, id, first: event };
    }
    for (const field of ['role', 'toolCallName']) {
      if (event[field] !== undefined && open.first[field] !== undefined && event[field] !== open.first[field])
        throw new ChatError(
          'answer_invalid',
          `A ${event.type} has another ${field} than the one that it goes on from.`,
        );
    }
    if (event.delta !== undefined) events.push({ type: kind.grow, [kind.id]: id, delta: event.delta });
    return events;
  };
}
