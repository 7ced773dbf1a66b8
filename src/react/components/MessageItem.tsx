import type { ReactNode } from 'react';
import { useChatContext } from '../ChatContext.ts';
import { formatMoment, formatTime } from '../format.ts';
import { errorText } from '../strings.ts';
import { Avatar as DefaultAvatar } from './Avatar.tsx';
import { MessageContent as DefaultContent } from './MessageContent.tsx';
import type { MessageItemProps } from './types.ts';
import { useRoot } from './useRoot.tsx';

function Delivery({ entry, onRetry, onDiscard }: MessageItemProps): ReactNode {
  const { strings } = useChatContext('<MessageItem>');
  const { message, delivery, error } = entry;
  if (delivery === 'sending') return <span>{strings.sending}</span>;
  if (delivery === 'sent') return <span>{strings.sent}</span>;
  const why = error && errorText(strings, error);
  return (
    <span className="lk-failure">
      <span>
        {strings.failed}
        {why && ` · ${why.what}`}
      </span>
      <span className="lk-failure-actions">
        <button type="button" className="lk-link" onClick={() => onRetry(message.id)}>
          {strings.retry}
        </button>
        <button type="button" className="lk-link" onClick={() => onDiscard(message.id)}>
          {strings.discard}
        </button>
      </span>
    </span>
  );
}

/**
 * One message. `data-mine`, `data-continued` and `data-delivery` (`sending`, `sent`, `failed`) say what state it is in.
 */
export function MessageItem(props: MessageItemProps): ReactNode {
  const { entry, continued, className } = props;
  const { strings, components, locale } = useChatContext('<MessageItem>');
  const Avatar = components.Avatar ?? DefaultAvatar;
  const Content = components.MessageContent ?? DefaultContent;
  const root = useRoot('lk-message', className);
  const { message, delivery, mine } = entry;
  const name = mine ? strings.you : message.author.name || message.author.id;
  const clock = formatTime(message.createdAt, locale);
  const time = (
    // The server’s time zone is not the reader’s.
    <time
      dateTime={new Date(message.createdAt).toISOString()}
      title={formatMoment(message.createdAt, locale)}
      suppressHydrationWarning
    >
      {clock}
    </time>
  );
  return (
    <article
      {...root}
      aria-label={strings.messageLabel(name, clock)}
      data-mine={mine}
      data-continued={continued}
      data-delivery={delivery}
    >
      {!mine && !continued && <Avatar user={message.author} />}
      <div className="lk-message-body">
        {!mine && !continued && (
          <div className="lk-author">
            <span className="lk-author-name">{name}</span>
            {time}
          </div>
        )}
        <Content parts={message.parts} />
        {mine && (
          <div className="lk-meta">
            {delivery !== 'failed' && <>{time} · </>}
            <Delivery {...props} />
          </div>
        )}
      </div>
    </article>
  );
}
