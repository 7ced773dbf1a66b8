import type { ReactNode } from 'react';
import { useChatContext } from '../../../ChatContext.ts';
import { useThreadActions } from '../../../hooks/useThreadActions.ts';
import { ConfirmDialog } from './ConfirmDialog.tsx';
import type { ThreadDialogProps } from './types.ts';

/** Asks whether to delete a conversation. */
export function DeleteDialog({ thread, onClose, onLeft }: ThreadDialogProps): ReactNode {
  const { strings } = useChatContext('<DeleteDialog>');
  const { remove } = useThreadActions(thread.id);
  return (
    <ConfirmDialog
      title={strings.deleteThreadQuestion(thread.title || strings.threadUntitled)}
      hint={strings.deleteThreadHint}
      label={strings.deleteThread}
      act={remove}
      onClose={onClose}
      onLeft={onLeft}
    />
  );
}
