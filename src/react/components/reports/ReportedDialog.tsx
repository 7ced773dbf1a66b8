import { useRef, type ReactNode } from 'react';
import { quoteOf, type ReportedMessage } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useMessageActions } from '../../hooks/useMessageActions.ts';
import { useReports } from '../../hooks/useReports.ts';
import { useQuoteWords } from '../messages/MessageQuote.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { Refusal } from '../parts/Refusal.tsx';
import { Skeleton } from '../parts/Skeleton.tsx';
import { useKeptFocus } from '../parts/useKeptFocus.ts';
import { useRequest } from '../parts/useRequest.ts';

interface ReportedDialogProps {
  threadId: string;
  onClose: () => void;
}

/** What was reported, with who says what; to decide on each whether it stays. */
export function ReportedDialog({ threadId, onClose }: ReportedDialogProps): ReactNode {
  const { strings } = useChatContext('<ReportedDialog>');
  const { status, reported, error, dismiss } = useReports(threadId);
  const { delete: remove, jumpTo } = useMessageActions(threadId);
  const request = useRequest();
  const list = useRef<HTMLUListElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const focus = useKeptFocus(list, reported, () => body.current);
  return (
    <Dialog title={strings.reportedHeading} onClose={onClose}>
      <div className="lk-dialog-body" ref={body} tabIndex={-1} data-autofocus="">
        {status === 'loading' ? (
          <Skeleton label={strings.reportedHeading} shape="threads" rows={2} />
        ) : reported.length === 0 && !error ? (
          <p className="lk-people-status" role="status">
            {strings.reportedNone}
          </p>
        ) : (
          <ul className="lk-reported" ref={list} aria-busy={request.busy} {...focus}>
            {reported.map((each) => (
              <Reported
                key={each.message.id}
                reported={each}
                onKeep={() => void request.run(() => dismiss(each.message.id))}
                onDelete={() => remove(each.message.id)}
                onShow={() => {
                  onClose();
                  // What goes wrong shows where the message would be.
                  jumpTo(each.message.id).catch(() => {});
                }}
              />
            ))}
          </ul>
        )}
        <Refusal error={request.error ?? error} />
      </div>
    </Dialog>
  );
}

interface ReportedProps {
  reported: ReportedMessage;
  onKeep: () => void;
  onDelete: () => void;
  onShow: () => void;
}

function Reported({ reported, onKeep, onDelete, onShow }: ReportedProps): ReactNode {
  const { strings } = useChatContext('<ReportedDialog>');
  const { message, reports, count } = reported;
  const { author, text } = useQuoteWords(quoteOf(message, message.id));
  return (
    <li>
      <p className="lk-reported-words" dir="auto">
        <b>{author}</b> {text}
      </p>
      <ul className="lk-reported-by">
        {reports.map(({ user, reason, note }) => (
          <li key={user.id}>
            <b>{user.name}</b> {strings.reportReasons[reason]}
            {note !== null && <q dir="auto">{note}</q>}
          </li>
        ))}
        {count > reports.length && <li>{strings.reportedMore(count - reports.length)}</li>}
      </ul>
      <div className="lk-reported-actions">
        <button type="button" className="lk-button" onClick={onKeep}>
          {strings.reportKeep}
        </button>
        <button type="button" className="lk-button lk-danger" onClick={onDelete}>
          {strings.delete}
        </button>
        <button type="button" className="lk-button" onClick={onShow}>
          {strings.showInThread}
        </button>
      </div>
    </li>
  );
}
