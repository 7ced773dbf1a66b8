import { mentionsOf, splitMentions, textOf, type MessagePart, type Message } from '../../../protocol/index.ts';
import type { TurnMessage } from '../turns/TurnPort.ts';
import type { MessageTag, OpenAiChatKitBackendOptions } from './types.ts';

/**
 * What a person says, as the server takes it.
 * @param messages the conversation that it is said in: a quote is of one of them
 * @param tags what its mentions may mean
 */
export function toInput(
  asked: Message | undefined,
  messages: readonly TurnMessage[],
  { inferenceOptions }: Pick<OpenAiChatKitBackendOptions, 'inferenceOptions'>,
  tags: ReadonlyMap<string, MessageTag>,
): object {
  const { parts = [], replyTo } = asked ?? {};
  const { model, toolChoice } = (typeof inferenceOptions === 'function' ? inferenceOptions() : inferenceOptions) ?? {};
  // All of it: what is shown of a quote is its beginning.
  const of = replyTo && messages.find(({ message }) => message.id === replyTo.id)?.message;
  const quoted = of ? textOf(of.parts) : (replyTo?.text ?? '');
  return {
    content: contentOf(parts, tags),
    attachments: parts.flatMap((part) => (part.type === 'file' ? [part.attachmentId] : [])),
    ...(quoted !== '' && { quoted_text: quoted }),
    inference_options: {
      ...(model !== undefined && { model }),
      ...(toolChoice !== undefined && { tool_choice: { id: toolChoice } }),
    },
  };
}

function contentOf(parts: readonly MessagePart[], tags: ReadonlyMap<string, MessageTag>): object[] {
  // Of a mention that is no tag only the words are told.
  const mentions = mentionsOf(parts).filter(({ userId }) => tags.has(userId));
  return splitMentions(textOf(parts), mentions).map((span) => {
    if (span.kind === 'text') return { type: 'input_text', text: span.text };
    const { id, text, data = {}, group, interactive = false } = tags.get(span.mention.userId)!;
    return { type: 'input_tag', id, text, data, ...(group !== undefined && { group }), interactive };
  });
}
