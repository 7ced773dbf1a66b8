import { memo, useState, type ReactNode } from 'react';
import type { Thread } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { formatMoment } from '../../format.ts';
import { ThreadAvatar } from '../threads/ThreadAvatar.tsx';
import { previewText } from '../threads/preview-text.ts';
import { formatDuration } from './format-duration.ts';

interface InboxRowProps {
  thread: Thread;
  /** ms since 1970; 0 while it is not known. */
  now: number;
  selected: boolean;
  onSelect: (threadId: string) => void;
  /** Of one that waits. */
  onTake: ((thread: Thread) => Promise<void>) | undefined;
}

/** One conversation in the inbox: what was said last, who waits since when, and why. */
export const InboxRow = memo(function InboxRow({ thread, now, selected, onSelect, onTake }: InboxRowProps): ReactNode {
  const { strings, userId, locale } = useChatContext('<AgentInbox>');
  const [busy, setBusy] = useState(false);
  const { handover, lastMessage } = thread;
  const title = thread.title || strings.threadUntitled;
  const since = handover?.since ?? now;
  const asker = handover?.askedBy;
  const duration = now > 0 ? formatDuration(Math.max(0, now - since), locale) : null;
  const take = () => {
    if (busy) return;
    setBusy(true);
    void onTake?.(thread).finally(() => setBusy(false));
  };
  return (
    <>
      <button
        type="button"
        className="lk-thread"
        aria-current={selected ? 'true' : undefined}
        data-selected={selected}
        onClick={() => onSelect(thread.id)}
      >
        <ThreadAvatar thread={thread} presence={null} speaks={false} />
        <span className="lk-thread-title">{title}</span>
        {duration !== null && onTake && (
          <time className="lk-thread-time" dateTime={new Date(since).toISOString()} title={formatMoment(since, locale)}>
            <span aria-hidden="true">{duration}</span>
            <span className="lk-hidden">{strings.inboxWaits(duration)}</span>
          </time>
        )}
        <span className="lk-thread-preview" dir="auto">
          {lastMessage ? previewText(lastMessage, userId, strings) : strings.messagesEmpty}
        </span>
        {(asker || handover?.reason) && (
          <span className="lk-inbox-why">
            {asker && strings.inboxAskedBy(asker.name || asker.id)}
            {handover?.reason && <q dir="auto">{handover.reason}</q>}
          </span>
        )}
      </button>
      {onTake && (
        <button
          type="button"
          className="lk-button lk-inbox-take"
          aria-label={strings.inboxTake(title)}
          aria-disabled={busy}
          onClick={take}
        >
          {strings.handoverTake}
        </button>
      )}
    </>
  );
});
