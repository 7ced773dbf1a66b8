import type { ReactNode } from 'react';
import { splitMentions, type Mention } from '../../../protocol/index.ts';

/** Words, with the people marked whom they mention, each by their name of today; `data-me` where that is the reader. */
export function mentionText(text: string, mentions: readonly Mention[], userId: string | null): ReactNode {
  if (mentions.length === 0) return text;
  return splitMentions(text, mentions).map((span, index) =>
    span.kind === 'text' ? (
      span.text
    ) : (
      <span
        key={index}
        className="lk-mention"
        data-user-id={span.mention.userId}
        data-me={span.mention.userId === userId}
      >
        @{span.mention.name ?? span.mention.label}
      </span>
    ),
  );
}
