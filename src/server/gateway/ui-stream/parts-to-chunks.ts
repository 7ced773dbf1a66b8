import type { AnswerChunk, MessagePart, OpenParts } from '../../../protocol/index.ts';

/** The chunks that make a growing answer what it is now: for who comes in the middle. What is open in it is left open. */
export function partsToChunks(parts: readonly MessagePart[], open?: OpenParts): AnswerChunk[] {
  const ids = new Map<number, string>();
  for (const [id, index] of [...Object.entries(open?.text ?? {}), ...Object.entries(open?.reasoning ?? {})])
    ids.set(index, id);
  return parts.flatMap((part, index) => chunksOf(part as Part, `${index}`, ids.get(index), open?.input ?? {}));
}

type Part = Record<string, unknown> & { type: string };

function chunksOf(
  part: Part,
  ownId: string,
  openId: string | undefined,
  inputs: Record<string, string>,
): AnswerChunk[] {
  const { type, text, providerMetadata } = part;
  switch (type) {
    case 'text':
    case 'reasoning': {
      const id = openId ?? (typeof part.id === 'string' ? part.id : `replayed-${ownId}`);
      return [
        given({ type: `${type}-start`, id, providerMetadata }),
        { type: `${type}-delta`, id, delta: text },
        ...(openId === undefined ? [{ type: `${type}-end`, id }] : []),
      ];
    }
    case 'step-start':
      return [{ type: 'start-step' }];
    case 'source-url':
    case 'source-document':
    case 'reasoning-file':
    case 'custom':
      return [part];
    default:
      if (type.startsWith('data-')) return [part];
      return typeof part.toolCallId === 'string' ? toolChunks(part, inputs[part.toolCallId]) : [];
  }
}

function toolChunks(part: Part, openInput: string | undefined): AnswerChunk[] {
  const { toolCallId, state, input, output, errorText, title, providerExecuted, preliminary } = part;
  const dynamic = part.type === 'dynamic-tool';
  const toolName = dynamic ? part.toolName : part.type.slice('tool-'.length);
  const call = (type: string) =>
    given({ type, toolCallId, toolName, title, providerExecuted, ...(dynamic && { dynamic }) });
  if (state === 'input-streaming') {
    return [
      given({ ...call('tool-input-start'), inputEncoding: part.inputEncoding }),
      ...(openInput ? [{ type: 'tool-input-delta', toolCallId, inputTextDelta: openInput }] : []),
    ];
  }
  const approval = part.approval as { id: string; approved?: boolean; reason?: string } | undefined;
  const chunks: AnswerChunk[] = [{ ...call('tool-input-available'), input: input ?? null }];
  const result = given({ type: 'tool-output-available', toolCallId, output, preliminary });
  // What it gave so far, before it was asked about or denied.
  if (output !== undefined && state !== 'output-available') chunks.push(result);
  if (approval) {
    const { id: approvalId, approved, reason } = approval;
    chunks.push({ type: 'tool-approval-request', toolCallId, approvalId });
    if (approved !== undefined) chunks.push(given({ type: 'tool-approval-response', approvalId, approved, reason }));
  }
  if (state === 'output-available') chunks.push(result);
  if (state === 'output-error') chunks.push({ type: 'tool-output-error', toolCallId, errorText });
  if (state === 'output-denied') chunks.push({ type: 'tool-output-denied', toolCallId });
  return chunks;
}

/** Without what JSON does not have. */
function given(chunk: Record<string, unknown>): AnswerChunk {
  return Object.fromEntries(Object.entries(chunk).filter(([, value]) => value !== undefined)) as AnswerChunk;
}
