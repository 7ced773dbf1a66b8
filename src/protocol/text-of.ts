import type { MessagePart, MessagePartInput } from './message.ts';

/** The text of a message's text parts, joined by line breaks: for previews, search and copying. */
export function textOf(parts: readonly (MessagePart | MessagePartInput)[]): string {
  return parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}
