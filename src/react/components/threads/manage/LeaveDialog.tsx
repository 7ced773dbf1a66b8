import type { ReactNode } from 'react';
import { useChatContext } from '../../../ChatContext.ts';
import { useThreadActions } from '../../../hooks/useThreadActions.ts';
import { Dialog } from '../../parts/Dialog.tsx';
import { Refusal } from '../../parts/Refusal.tsx';
import { useRequest } from '../../parts/useRequest.ts';
import type { ThreadDialogProps } from './types.ts';

/** Asks whether to leave, and says what that means. */
export function LeaveDialog({ thread, onClose, onLeft }: ThreadDialogProps): ReactNode {
  const { strings } = useChatContext('<LeaveDialog>');
  const { leave } = useThreadActions(thread.id);
  const { busy, error, run } = useRequest();
  const submit = () =>
    run(async () => {
      await leave();
      onClose();
      onLeft();
    });
  return (
    <Dialog title={strings.leaveQuestion(thread.title || strings.threadUntitled)} onClose={onClose}>
      <div className="lk-dialog-body">
        <p>{thread.access === 'open' ? strings.leaveOpenHint : strings.leaveHint}</p>
        <Refusal error={error} />
      </div>
      <div className="lk-dialog-foot">
        <button type="button" className="lk-button" data-autofocus onClick={onClose}>
          {strings.cancel}
        </button>
        <button type="button" className="lk-button lk-danger" aria-busy={busy} onClick={() => void submit()}>
          {strings.leaveThread}
        </button>
      </div>
    </Dialog>
  );
}
