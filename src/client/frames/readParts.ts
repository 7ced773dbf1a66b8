import type { Answer, AnswerChunk, FilePart, LinkPreview, Mention, MessagePart } from '../../protocol/index.ts';
import {
  anything,
  asObject,
  boolean,
  listOf,
  number,
  oneOf,
  optional,
  orNull,
  recordOf,
  shape,
  string,
  variant,
  wordOf,
} from './shape.ts';
import type { Reader } from './shape.ts';

const state = optional(oneOf(['streaming', 'done'] as const));

const tool = {
  toolCallId: string,
  state: oneOf([
    'input-streaming',
    'input-available',
    'approval-requested',
    'approval-responded',
    'output-available',
    'output-error',
    'output-denied',
  ] as const),
  title: optional(string),
  input: anything,
  output: anything,
  errorText: optional(string),
  preliminary: optional(boolean),
  approval: optional(shape({ id: string, approved: optional(boolean), reason: optional(string) })),
};
const toolPart = shape(tool);
const dataPart = shape({ id: optional(string), data: anything });

const file: Reader<Omit<FilePart, 'type'>> = shape({
  attachmentId: string,
  mediaType: string,
  filename: string,
  size: number,
  width: orNull(number),
  height: orNull(number),
  url: string,
  urlExpiresAt: number,
});

type Named = Extract<MessagePart, { type: `tool-${string}` | `data-${string}` }>;

const mention: Reader<Mention> = shape({ userId: string, label: string, name: optional(string) });

/** Those of a type that is the same for all of its kind. */
const part = variant<Exclude<MessagePart, Named>>({
  text: shape({ text: string, state, mentions: optional(listOf(mention)) }),
  file,
  reasoning: shape({ text: string, state }),
  'source-url': shape({ sourceId: string, url: string, title: optional(string) }),
  'source-document': shape({ sourceId: string, mediaType: string, title: string, filename: optional(string) }),
  'dynamic-tool': shape({ toolName: string, ...tool }),
  'step-start': shape({}),
});

export const readPart: Reader<MessagePart> = (value) => {
  const { type } = asObject(value);
  if (typeof type === 'string' && /^(tool|data)-./s.test(type)) {
    return { type, ...(type.startsWith('tool-') ? toolPart : dataPart)(value) } as Named;
  }
  return part(value);
};

export const readPreview: Reader<LinkPreview> = shape({
  url: string,
  host: string,
  siteName: orNull(string),
  title: string,
  description: orNull(string),
  image: optional(variant<FilePart>({ file })),
});

export const readAnswer: Reader<Answer> = shape({
  status: wordOf(['streaming', 'done', 'stopped', 'failed'] as const, 'done'),
  to: string,
  run: number,
  at: number,
  error: orNull(shape({ code: string, message: string })),
  open: optional(shape({ text: recordOf(number), reasoning: recordOf(number), input: recordOf(string) })),
  acts: optional(listOf(string)),
});

export const readChunk: Reader<AnswerChunk> = (value) => {
  const chunk = asObject(value);
  return { ...chunk, type: string(chunk.type) };
};
