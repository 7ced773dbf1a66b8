import * as v from 'valibot';

/**
 * The parts that only an assistant's answer has, named and shaped like those of the AI SDK's `UIMessage`. What else the SDK has
 * in them (`providerMetadata` and the like) is stored and sent, and left out in pages.
 */

const growthSchema = v.picklist(['streaming', 'done']);

/** What the model thought before it answered. */
export const reasoningPartSchema = v.object({
  type: v.literal('reasoning'),
  text: v.string(),
  /** Whether more of the text is to come. */
  state: v.optional(growthSchema),
});

/** A page that the answer draws upon. */
export const sourceUrlPartSchema = v.object({
  type: v.literal('source-url'),
  /** Names it within the message. */
  sourceId: v.string(),
  /** Where it is. Not to be trusted: link to it as the app's policy of links allows, and to nothing that runs. */
  url: v.string(),
  title: v.optional(v.string()),
});

/** A document that the answer draws upon. */
export const sourceDocumentPartSchema = v.object({
  type: v.literal('source-document'),
  /** Names it within the message. */
  sourceId: v.string(),
  /** IANA media type. */
  mediaType: v.string(),
  title: v.string(),
  filename: v.optional(v.string()),
});

/** The question whether a tool may run, and what was said to it. */
const approvalSchema = v.object({
  /** Names the question. */
  id: v.string(),
  /** What a person answered. */
  approved: v.optional(v.boolean()),
  /** Why they did. */
  reason: v.optional(v.string()),
});

const toolFields = {
  /** Names the call within the message. */
  toolCallId: v.string(),
  /** How far the call is. */
  state: v.picklist([
    'input-streaming',
    'input-available',
    'approval-requested',
    'approval-responded',
    'output-available',
    'output-error',
    'output-denied',
  ]),
  /** Shown name of the call. */
  title: v.optional(v.string()),
  /** What the tool is called with; half of it while it streams. */
  input: v.optional(v.unknown()),
  /** What the tool gave. */
  output: v.optional(v.unknown()),
  /** Why it failed. */
  errorText: v.optional(v.string()),
  /** Whether a newer output follows. */
  preliminary: v.optional(v.boolean()),
  /** The question whether the tool may run, once it was asked. */
  approval: v.optional(approvalSchema),
};

/** A call of a tool; its type is `tool-` with the tool's name. */
export const toolPartSchema = v.object({
  type: v.custom<`tool-${string}`>((type) => startsWith(type, 'tool-')),
  ...toolFields,
});

/** A call of a tool that is known only while it runs. */
export const dynamicToolPartSchema = v.object({
  type: v.literal('dynamic-tool'),
  toolName: v.string(),
  ...toolFields,
});

/** What an app shows by a renderer of its own; its type is `data-` with the app's name for it. */
export const dataPartSchema = v.object({
  type: v.custom<`data-${string}`>((type) => startsWith(type, 'data-')),
  /** What is given again under the same id replaces it. */
  id: v.optional(v.string()),
  /** The app's own. */
  data: v.optional(v.unknown()),
});

/** Where the next step of an answer begins: each call of a model is one. */
export const stepStartPartSchema = v.object({ type: v.literal('step-start') });

export type ReasoningPart = v.InferOutput<typeof reasoningPartSchema>;
export type SourceUrlPart = v.InferOutput<typeof sourceUrlPartSchema>;
export type SourceDocumentPart = v.InferOutput<typeof sourceDocumentPartSchema>;
export type ToolPart = v.InferOutput<typeof toolPartSchema>;
export type DynamicToolPart = v.InferOutput<typeof dynamicToolPartSchema>;
export type DataPart = v.InferOutput<typeof dataPartSchema>;
export type StepStartPart = v.InferOutput<typeof stepStartPartSchema>;
export type ToolState = ToolPart['state'];

function startsWith(type: unknown, prefix: string): boolean {
  return typeof type === 'string' && type.length > prefix.length && type.startsWith(prefix);
}
