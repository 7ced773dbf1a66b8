import type { ReactNode } from 'react';
import { useChatContext } from '../../../ChatContext.ts';
import { useThreadActions } from '../../../hooks/useThreadActions.ts';
import { ConfirmDialog } from './ConfirmDialog.tsx';
import type { ThreadDialogProps } from './types.ts';

/** Asks whether to leave, and says what that means. */
export function LeaveDialog({ thread, onClose, onLeft }: ThreadDialogProps): ReactNode {
  const { strings } = useChatContext('<LeaveDialog>');
  const { leave } = useThreadActions(thread.id);
  return (
    <ConfirmDialog
      title={strings.leaveQuestion(thread.title || strings.threadUntitled)}
      hint={thread.access === 'open' ? strings.leaveOpenHint : strings.leaveHint}
      label={strings.leaveThread}
      act={leave}
      onClose={onClose}
      onLeft={onLeft}
    />
  );
}
