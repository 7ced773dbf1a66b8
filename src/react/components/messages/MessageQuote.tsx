import type { ReactNode } from 'react';
import type { Quote } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useMessageActions } from '../../hooks/useMessageActions.ts';
import { plainText } from '../../plain-text.ts';
import { useRepliesContext } from '../replies/RepliesContext.ts';

/** What a reply answers, above its own words: a press goes there. */
export function MessageQuote({ threadId, quote }: { threadId: string; quote: Quote }): ReactNode {
  const { strings } = useChatContext('<MessageItem>');
  const { jumpTo } = useMessageActions(threadId);
  const panel = useRepliesContext();
  const { author, text } = useQuoteWords(quote);
  return (
    <button
      type="button"
      className="lk-answered"
      data-deleted={quote.deletedAt !== null}
      onClick={() => {
        // What goes wrong is told by the list.
        if (!panel?.show(quote.id)) jumpTo(quote.id).catch(() => {});
      }}
    >
      <span className="lk-hidden">{strings.quoteLabel(author, text)}</span>
      <span className="lk-quote-author" aria-hidden="true">
        {author}
      </span>
      <span className="lk-quote-text" dir="auto" aria-hidden="true">
        {text}
      </span>
    </button>
  );
}

export function useQuoteWords({ author, text, filename, deletedAt }: Quote): { author: string; text: string } {
  const { strings, userId } = useChatContext('<MessageItem>');
  return {
    author: author.id === userId ? strings.you : author.name || author.id,
    text: deletedAt === null ? plainText(text) || (filename ?? '') : strings.messageDeleted,
  };
}
