import { textOf, type Message } from '../../../protocol/index.ts';
import type { TurnMessage } from '../turns/TurnPort.ts';
import type { OpenAiChatKitBackendOptions } from './types.ts';

/**
 * What a person says, as the server takes it.
 * @param messages the conversation that it is said in: a quote is of one of them
 */
export function toInput(
  asked: Message | undefined,
  messages: readonly TurnMessage[],
  { inferenceOptions }: Pick<OpenAiChatKitBackendOptions, 'inferenceOptions'>,
): object {
  const { parts = [], replyTo } = asked ?? {};
  const text = textOf(parts);
  const { model, toolChoice } = (typeof inferenceOptions === 'function' ? inferenceOptions() : inferenceOptions) ?? {};
  // All of it: what is shown of a quote is its beginning.
  const of = replyTo && messages.find(({ message }) => message.id === replyTo.id)?.message;
  const quoted = of ? textOf(of.parts) : (replyTo?.text ?? '');
  return {
    content: text === '' ? [] : [{ type: 'input_text', text }],
    attachments: parts.flatMap((part) => (part.type === 'file' ? [part.attachmentId] : [])),
    ...(quoted !== '' && { quoted_text: quoted }),
    inference_options: {
      ...(model !== undefined && { model }),
      ...(toolChoice !== undefined && { tool_choice: { id: toolChoice } }),
    },
  };
}
