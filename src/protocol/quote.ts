import { MAX_QUOTE_LENGTH } from './limits.ts';
import type { ChatUser, MessagePart, MessagePartInput, Quote } from './message.ts';
import { textOf } from './text-of.ts';

/** Far more than is shown: what is cut off is not gone through. */
const READ_LENGTH = MAX_QUOTE_LENGTH * 8;
const MAX_FILENAME_LENGTH = 60;

interface Quotable {
  id: string;
  author: Pick<ChatUser, 'id' | 'name'>;
  parts: readonly (MessagePart | MessagePartInput)[];
  deletedAt: number | null;
}

/** What a reply shows of a message, as it is now. */
export function quoteOf({ id, author, parts, deletedAt }: Quotable, rootId: string): Quote {
  const file = parts.find((part) => part.type === 'file' && 'filename' in part);
  return {
    id,
    rootId,
    author: { id: author.id, name: author.name },
    text: shorten(
      textOf(parts)
        .slice(0, READ_LENGTH)
        .replace(/[\s\p{Cc}]+/gu, ' ')
        .trim(),
      MAX_QUOTE_LENGTH,
    ),
    filename: file && 'filename' in file ? shorten(file.filename, MAX_FILENAME_LENGTH) : null,
    deletedAt,
  };
}

/** By character, so that no emoji's half is left. */
function shorten(text: string, length: number): string {
  const characters = [...text];
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : text;
}
