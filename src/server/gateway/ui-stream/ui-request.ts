import * as v from 'valibot';
import { ChatError, type MessagePart } from '../../../protocol/index.ts';

/** Largest request: the SDK's client sends the whole conversation each time. */
const MAX_UI_REQUEST_BYTES = 1_048_576;

const partSchema = v.looseObject({
  type: v.string(),
  text: v.optional(v.string()),
  state: v.optional(v.string()),
  approval: v.optional(
    v.looseObject({ id: v.string(), approved: v.optional(v.boolean()), reason: v.optional(v.nullable(v.string())) }),
  ),
});

const requestSchema = v.object({
  id: v.string(),
  trigger: v.optional(v.picklist(['submit-message', 'regenerate-message']), 'submit-message'),
  messageId: v.optional(v.nullable(v.string())),
  messages: v.pipe(
    v.array(v.looseObject({ id: v.string(), role: v.string(), parts: v.array(partSchema) })),
    v.nonEmpty(),
  ),
});

/** What a client of the AI SDK asks for. */
export type UiRequest = { threadId: string } & (
  | { kind: 'send'; messageId: string; parts: { type: 'text'; text: string }[] }
  | { kind: 'retry'; messageId: string | null }
  | { kind: 'go-on'; messageId: string; decisions: { approvalId: string; approved: boolean; reason?: string }[] }
);

/** @throws {ChatError} `bad_request` for what is no such request, or asks for what the server does not do */
export async function readUiRequest(request: Request): Promise<UiRequest> {
  const { id: threadId, trigger, messageId = null, messages } = await parse(request);
  if (trigger === 'regenerate-message') return { kind: 'retry', threadId, messageId };
  const last = messages.at(-1)!;
  if (last.role === 'user') {
    const texts = last.parts.flatMap(({ type, text }) => (type === 'text' && text !== undefined ? [text] : []));
    if (texts.length < last.parts.length)
      throw new ChatError('bad_request', 'Only text can be sent; upload a file by LatchKit’s own client.');
    return { kind: 'send', threadId, messageId: last.id, parts: texts.map((text) => ({ type: 'text', text })) };
  }
  if (last.role !== 'assistant') throw new ChatError('bad_request', 'The last message is nobody’s to answer.');
  const decisions = last.parts.flatMap(({ state, approval }) => {
    if (state !== 'approval-responded' || approval?.approved === undefined) return [];
    const { id: approvalId, approved, reason } = approval;
    return [{ approvalId, approved, ...(typeof reason === 'string' && { reason }) }];
  });
  if (decisions.length === 0)
    throw new ChatError('bad_request', 'An answer goes on after decisions on its tools; they run on the server.');
  return { kind: 'go-on', threadId, messageId: last.id, decisions };
}

/** A file as the SDK has it; what else a part holds goes as it is. */
export function toUiPart(part: MessagePart): object {
  if (part.type === 'file') {
    const { mediaType, filename, url } = part;
    return { type: 'file', mediaType, filename, url };
  }
  return part.type === 'data-file' ? { type: 'file', ...(part.data as object) } : part;
}

async function parse(request: Request) {
  let value: unknown;
  try {
    const bytes = await request.arrayBuffer();
    if (bytes.byteLength > MAX_UI_REQUEST_BYTES)
      throw new ChatError('message_too_long', 'The conversation is too long.');
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    if (ChatError.is(cause)) throw cause;
    throw new ChatError('bad_request', 'The body is no JSON.', { cause });
  }
  const read = v.safeParse(requestSchema, value);
  if (read.success) return read.output;
  throw new ChatError('bad_request', `The body is no request of the AI SDK: ${read.issues[0].message}`);
}
