import { useState, type ReactNode } from 'react';
import { MAX_TITLE_LENGTH } from '../../../../protocol/index.ts';
import { useChatContext } from '../../../ChatContext.ts';
import { useThreadActions } from '../../../hooks/useThreadActions.ts';
import { DialogForm } from '../../parts/DialogForm.tsx';
import { useRequest } from '../../parts/useRequest.ts';
import type { ThreadDialogProps } from './types.ts';

export function RenameDialog({ thread, onClose }: ThreadDialogProps): ReactNode {
  const { strings } = useChatContext('<RenameDialog>');
  const { rename } = useThreadActions(thread.id);
  const [title, setTitle] = useState(thread.title);
  const { busy, error, run } = useRequest();
  const submit = () =>
    run(async () => {
      const wanted = title.trim();
      if (wanted !== thread.title) await rename(wanted);
      onClose();
    });
  return (
    <DialogForm
      title={strings.renameThread}
      submitLabel={strings.save}
      busy={busy}
      error={error}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <label className="lk-field">
        {strings.threadTitle}
        <input
          value={title}
          maxLength={MAX_TITLE_LENGTH}
          required
          autoComplete="off"
          dir="auto"
          data-autofocus
          onFocus={(event) => event.target.select()}
          onChange={(event) => setTitle(event.target.value)}
        />
      </label>
    </DialogForm>
  );
}
