import type { ReactNode } from 'react';
import { useChatContext } from '../../../ChatContext.ts';
import { Dialog } from '../../parts/Dialog.tsx';
import { Refusal } from '../../parts/Refusal.tsx';
import { useRequest } from '../../parts/useRequest.ts';

interface ConfirmDialogProps {
  title: string;
  /** What it means. */
  hint: string;
  /** Of the button that does it. */
  label: string;
  /** Once it resolves, the conversation is none of the person's any more. */
  act: () => Promise<void>;
  onClose: () => void;
  onLeft: () => void;
}

/** Asks whether to do what takes a conversation away from the person. The focus is on the button that does not. */
export function ConfirmDialog({ title, hint, label, act, onClose, onLeft }: ConfirmDialogProps): ReactNode {
  const { strings } = useChatContext('<ConfirmDialog>');
  const { busy, error, run } = useRequest();
  const submit = () =>
    run(async () => {
      await act();
      onClose();
      onLeft();
    });
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="lk-dialog-body">
        <p>{hint}</p>
        <Refusal error={error} />
      </div>
      <div className="lk-dialog-foot">
        <button type="button" className="lk-button" data-autofocus onClick={onClose}>
          {strings.cancel}
        </button>
        <button type="button" className="lk-button lk-danger" aria-busy={busy} onClick={() => void submit()}>
          {label}
        </button>
      </div>
    </Dialog>
  );
}
