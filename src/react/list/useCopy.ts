import { useCallback, type ClipboardEvent } from 'react';
import type { MessageEntries } from '../../client/index.ts';
import { textOf, type ChatUser } from '../../protocol/index.ts';
import { useChatContext } from '../ChatContext.ts';
import { formatWhen } from '../format.ts';
import { entriesFrom } from '../entries.ts';
import { startOfDay } from './useDay.ts';

const messageIdAt = (node: Node | null): string | undefined =>
  (node instanceof Element ? node : node?.parentElement)?.closest<HTMLElement>('[data-message-id]')?.dataset[
    'messageId'
  ];

/**
 * Copies a selection that reaches over several messages as who wrote what, in order: also those in between that were scrolled away and
 * are not in the page. Within one message, the browser copies what is selected.
 */
export function useCopy(entries: MessageEntries): (event: ClipboardEvent) => void {
  const { strings, locale } = useChatContext('<MessageList>');
  return useCallback(
    (event) => {
      const selection = document.getSelection();
      const ids = [messageIdAt(selection?.anchorNode ?? null), messageIdAt(selection?.focusNode ?? null)];
      const [a = -1, b = -1] = ids.map((wanted) => entries.messages.findIndex(({ id }) => id === wanted));
      if (a < 0 || b < 0 || a === b) return;
      const today = startOfDay();
      const nameOf = ({ id, name }: ChatUser, mine: boolean) => (mine ? strings.you : name || id);
      const texts = entriesFrom(entries, Math.min(a, b), Math.max(a, b) + 1).flatMap(({ message, mine }) => {
        const text = textOf(message.parts);
        const who = strings.messageLabel(nameOf(message.author, mine), formatWhen(message.createdAt, today, locale));
        return text === '' ? [] : [`${who}\n${text}`];
      });
      event.clipboardData.setData('text/plain', texts.join('\n\n'));
      event.preventDefault();
    },
    [entries, strings, locale],
  );
}
