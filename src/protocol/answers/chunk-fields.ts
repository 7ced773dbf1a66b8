import type { AnswerChunk } from '../answer.ts';
import { ChunkError } from './ChunkError.ts';

type Kind = 'string' | 'boolean';
type Fields = readonly (readonly [name: string, kind: Kind])[];

const id = { id: 'string' } as const;
const call = { toolCallId: 'string' } as const;
const named = { ...call, toolName: 'string' } as const;

/** What a chunk of each kind must have, by kind. What else it has is looked at where it is used. */
const FIELDS = new Map<string, Fields>(
  Object.entries<Record<string, Kind>>({
    start: {},
    finish: {},
    'message-metadata': {},
    'start-step': {},
    'reset-step': {},
    'text-start': id,
    'text-delta': { ...id, delta: 'string' },
    'text-end': id,
    'reasoning-start': id,
    'reasoning-delta': { ...id, delta: 'string' },
    'reasoning-end': id,
    'source-url': { sourceId: 'string', url: 'string' },
    'source-document': { sourceId: 'string', mediaType: 'string', title: 'string' },
    file: { url: 'string', mediaType: 'string' },
    'reasoning-file': { url: 'string', mediaType: 'string' },
    custom: { kind: 'string' },
    'tool-input-start': named,
    'tool-input-delta': { ...call, inputTextDelta: 'string' },
    'tool-input-available': named,
    'tool-input-error': { ...named, errorText: 'string' },
    'tool-approval-request': { ...call, approvalId: 'string' },
    'tool-approval-response': { approvalId: 'string', approved: 'boolean' },
    'tool-output-available': call,
    'tool-output-error': { ...call, errorText: 'string' },
    'tool-output-denied': call,
    // As pairs: thousands of chunks are looked at, and each would have them made anew.
  }).map(([type, fields]) => [type, Object.entries(fields)]),
);

/** Undefined for a kind that makes no part, or is not known. */
export function fieldsOf(type: string): Fields | undefined {
  return FIELDS.get(type);
}

/** @throws {ChunkError} naming the field */
export function checked(chunk: AnswerChunk, fields: Fields): AnswerChunk {
  for (const [name, kind] of fields) {
    if (typeof chunk[name] !== kind) throw new ChunkError(`${chunk.type} with a ${name} that is no ${kind}`);
  }
  return chunk;
}
