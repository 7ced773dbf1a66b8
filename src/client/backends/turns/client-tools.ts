import type { MessagePart, ToolPart } from '../../../protocol/index.ts';

/** Runs in the page. What it returns, or resolves with, goes back to the model; what it throws, as the tool's error. */
export type ClientTool = (input: unknown, context: { toolCallId: string; signal: AbortSignal }) => unknown;

/**
 * Runs what an answer asks of the page.
 * @returns its parts with what the tools gave; null where nothing was asked, or something else is still open
 */
export async function runClientTools(
  parts: readonly MessagePart[],
  tools: Record<string, ClientTool>,
  signal: AbortSignal,
): Promise<MessagePart[] | null> {
  const from = parts.findLastIndex(({ type }) => type === 'step-start') + 1;
  const toolOf = (part: MessagePart): ClientTool | undefined => {
    if (!isCall(part) || part.state !== 'input-available' || part.providerExecuted === true) return undefined;
    const name = nameOf(part);
    return Object.hasOwn(tools, name) ? tools[name] : undefined;
  };
  const asked = parts.slice(from).filter((part) => toolOf(part) !== undefined);
  if (asked.length === 0) return null;
  const done = await Promise.all(
    parts.map(async (part, index) => {
      const tool = index < from ? undefined : toolOf(part);
      return tool && isCall(part) ? run(part, tool, signal) : part;
    }),
  );
  return done.slice(from).every(isComplete) ? done : null;
}

type Call = ToolPart & { providerExecuted?: boolean };

async function run(part: Call, tool: ClientTool, signal: AbortSignal): Promise<MessagePart> {
  try {
    const output = await tool(part.input, { toolCallId: part.toolCallId, signal });
    return { ...part, state: 'output-available', output: output ?? null };
  } catch (thrown) {
    return { ...part, state: 'output-error', errorText: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function isComplete(part: MessagePart): boolean {
  if (!isCall(part)) return true;
  return part.state.startsWith('output-') && part.preliminary !== true;
}

function isCall(part: MessagePart): part is Call {
  return 'toolCallId' in part;
}

function nameOf(part: MessagePart): string {
  return part.type === 'dynamic-tool' ? part.toolName : part.type.slice('tool-'.length);
}
