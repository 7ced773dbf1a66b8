import type { ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { formatMoment } from '../../format.ts';
import type { Receipt } from '../../../protocol/index.ts';
import { ReadBy } from './ReadBy.tsx';
import { errorText } from '../../strings.ts';
import type { MessageItemProps } from '../types.ts';
import { isKept } from './abilities.ts';

export interface MessageStateProps extends Pick<MessageItemProps, 'entry' | 'onRetry' | 'onDiscard'> {
  /** The others who have read it. */
  readers: readonly Receipt[];
  /** Opens the editor again, with what was refused. */
  onEdit: () => void;
}

/** How far a message is: its sending, what was changed, and what went wrong with either. */
export function MessageState({ entry, readers, onRetry, onDiscard, onEdit }: MessageStateProps): ReactNode {
  const { strings, locale } = useChatContext('<MessageItem>');
  const { message, delivery, error, mine, change } = entry;
  if (delivery === 'failed') {
    return <Failure what={strings.failed} error={error} id={message.id} onRetry={onRetry} onDiscard={onDiscard} />;
  }
  if (change && change.status === 'failed' && isKept(change.type)) {
    const edit = change.type === 'edit';
    return (
      <Failure
        what={edit ? strings.notSaved : strings.notDeleted}
        error={change.error}
        id={message.id}
        onRetry={onRetry}
        onDiscard={onDiscard}
        onEdit={edit ? onEdit : undefined}
      />
    );
  }
  const saving = change?.status === 'saving' ? change.type : null;
  const progress =
    saving === 'edit'
      ? strings.saving
      : saving === 'delete'
        ? strings.deleting
        : mine && message.deletedAt === null
          ? strings[delivery]
          : null;
  const edited = message.editedAt !== null && message.deletedAt === null ? message.editedAt : null;
  return (
    <>
      {progress !== null &&
        (readers.length > 0 && saving === null ? (
          <ReadBy threadId={message.threadId} readers={readers} />
        ) : (
          <span>{progress}</span>
        ))}
      {progress !== null && edited !== null && ' · '}
      {edited !== null && (
        <time
          className="lk-edited"
          dateTime={new Date(edited).toISOString()}
          title={strings.editedAt(formatMoment(edited, locale))}
          suppressHydrationWarning
        >
          {strings.edited}
        </time>
      )}
    </>
  );
}

/** Whether there is something to say about a message of somebody else. */
export function hasState({ message, change }: MessageItemProps['entry']): boolean {
  return (message.editedAt !== null && message.deletedAt === null) || (change !== null && isKept(change.type));
}

interface FailureProps extends Pick<MessageItemProps, 'onRetry' | 'onDiscard'> {
  what: string;
  error: MessageItemProps['entry']['error'];
  id: string;
  onEdit?: (() => void) | undefined;
}

function Failure({ what, error, id, onRetry, onDiscard, onEdit }: FailureProps): ReactNode {
  const { strings } = useChatContext('<MessageItem>');
  const why = error && errorText(strings, error);
  return (
    <span className="lk-failure">
      <span>
        {what}
        {why && ` · ${why.what}`}
      </span>
      <span className="lk-failure-actions">
        <button type="button" className="lk-link" onClick={() => onRetry(id)}>
          {strings.retry}
        </button>
        {onEdit && (
          <button type="button" className="lk-link" onClick={onEdit}>
            {strings.editAgain}
          </button>
        )}
        <button type="button" className="lk-link" onClick={() => onDiscard(id)}>
          {strings.discard}
        </button>
      </span>
    </span>
  );
}
