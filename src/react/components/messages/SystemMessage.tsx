import type { ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { formatMoment, formatTime } from '../../format.ts';
import type { SystemMessageProps } from '../types.ts';
import { useRoot } from '../parts/useRoot.tsx';
import { eventText } from './event-text.ts';

/**
 * What happened to a conversation, in the reader's words: a quiet line between the messages. `data-event` says what it was. Nothing where
 * a newer server tells of what this version does not know.
 */
export function SystemMessage({ message, className }: SystemMessageProps): ReactNode {
  const { strings, locale, userId } = useChatContext('<SystemMessage>');
  const root = useRoot('lk-event', className);
  const text = eventText(message, userId, strings);
  if (message.event === undefined || text === null) return null;
  const at = new Date(message.createdAt);
  return (
    <p {...root} data-event={message.event.type} data-message-id={message.id} tabIndex={-1}>
      <span className="lk-event-says">
        {text}{' '}
        <time
          dateTime={at.toISOString()}
          title={formatMoment(message.createdAt, locale)}
          // The server’s time zone is not the reader’s.
          suppressHydrationWarning
        >
          {formatTime(message.createdAt, locale)}
        </time>
      </span>
    </p>
  );
}
