import { useId, useState, type ReactNode } from 'react';
import { MAX_REASON_LENGTH, type Message, type ReportReason } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useMessageActions } from '../../hooks/useMessageActions.ts';
import { Dialog } from '../parts/Dialog.tsx';
import { DialogForm } from '../parts/DialogForm.tsx';
import { useRequest } from '../parts/useRequest.ts';

const REASONS: readonly ReportReason[] = ['spam', 'abuse', 'private', 'other'];

export interface ReportDialogProps {
  message: Message;
  onClose: () => void;
}

/** Asks what is wrong with somebody's message, and tells those who watch over the conversation. */
export function ReportDialog({ message, onClose }: ReportDialogProps): ReactNode {
  const { strings } = useChatContext('<ReportDialog>');
  const { report } = useMessageActions(message.threadId);
  const [reason, setReason] = useState<ReportReason | null>(null);
  const [note, setNote] = useState('');
  const [done, setDone] = useState(false);
  const { busy, error, run } = useRequest();
  const name = useId();

  if (done) {
    return (
      <Dialog title={strings.reportTitle} onClose={onClose}>
        <div className="lk-dialog-body">
          <p role="status">{strings.reportDone}</p>
          <button type="button" className="lk-button" data-autofocus onClick={onClose}>
            {strings.closeDialog}
          </button>
        </div>
      </Dialog>
    );
  }
  const submit = () =>
    run(async () => {
      if (!reason) return;
      await report(message.id, { reason, ...(note.trim() && { note: note.trim() }) });
      setDone(true);
    });
  return (
    <DialogForm
      title={strings.reportTitle}
      submitLabel={strings.reportSend}
      busy={busy}
      error={error}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <p className="lk-people-status">{strings.reportHint}</p>
      <fieldset className="lk-field">
        <legend>{strings.reportReason}</legend>
        {REASONS.map((value, index) => (
          <label key={value} className="lk-choice">
            <input
              type="radio"
              name={name}
              required
              checked={reason === value}
              data-autofocus={index === 0 ? '' : undefined}
              onChange={() => setReason(value)}
            />
            {strings.reportReasons[value]}
          </label>
        ))}
      </fieldset>
      <label className="lk-field">
        {strings.reportNote}
        <textarea
          rows={3}
          value={note}
          maxLength={MAX_REASON_LENGTH}
          dir="auto"
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
    </DialogForm>
  );
}
