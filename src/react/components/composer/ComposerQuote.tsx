import X from 'lucide/dist/esm/icons/x.mjs';
import type { ReactNode } from 'react';
import { quoteOf, type Message } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useQuoteWords } from '../messages/MessageQuote.tsx';
import { IconButton } from '../parts/IconButton.tsx';

export interface ComposerQuoteProps {
  message: Message;
  onCancel: () => void;
}

/** What is being answered, above what is written. */
export function ComposerQuote({ message, onCancel }: ComposerQuoteProps): ReactNode {
  const { strings } = useChatContext('<MessageComposer>');
  const { author, text } = useQuoteWords(quoteOf(message, message.id));
  return (
    <div className="lk-composer-quote" role="status">
      <span className="lk-composer-quote-words">
        <span className="lk-quote-author">{strings.replyingTo(author)}</span>
        <span className="lk-quote-text" dir="auto">
          {text}
        </span>
      </span>
      <IconButton icon={X} label={strings.cancelReply} onClick={onCancel} />
    </div>
  );
}
