import { textOf, type SearchHit } from '../protocol/index.ts';
import type { FakeConversation } from './FakeConversation.ts';

/** What a server would find, as far as a test needs it: every word as it is written, in any case. */
export function hitsIn({ id: threadId, title: threadTitle, messages }: FakeConversation, query: string): SearchHit[] {
  const words = query
    .toLowerCase()
    .split(/[\s"]+/)
    .filter(Boolean);
  if (words.length === 0) return [];
  return messages.flatMap(({ id: messageId, seq, author, createdAt, parts }) => {
    const snippet = textOf(parts).replace(/\s+/g, ' ');
    const ranges = words.map((word): [number, number] => {
      const start = snippet.toLowerCase().indexOf(word);
      return [start, start + word.length];
    });
    if (ranges.some(([start]) => start < 0)) return [];
    const inOrder = ranges.sort((a, b) => a[0] - b[0]).filter(([start], at, all) => start >= (all[at - 1]?.[1] ?? 0));
    return [
      {
        messageId,
        threadId,
        threadTitle,
        seq,
        author,
        createdAt,
        snippet,
        ranges: inOrder.map(([start, end]) => ({ start, end })),
      },
    ];
  });
}
