import type { ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { Dialog } from './Dialog.tsx';
import { Refusal } from './Refusal.tsx';
import type { useRequest } from './useRequest.ts';

interface DialogFormProps extends Pick<ReturnType<typeof useRequest>, 'busy' | 'error'> {
  title: string;
  /** On the button that does it. */
  submitLabel: string;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog that asks for something, and does it or says why not. */
export function DialogForm({
  title,
  submitLabel,
  busy,
  error,
  onSubmit,
  onClose,
  children,
}: DialogFormProps): ReactNode {
  const { strings } = useChatContext('<DialogForm>');
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="lk-dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <div className="lk-dialog-body">
          {children}
          <Refusal error={error} />
        </div>
        <div className="lk-dialog-foot">
          <button type="button" className="lk-button" onClick={onClose}>
            {strings.cancel}
          </button>
          <button type="submit" className="lk-button lk-primary" aria-busy={busy}>
            {submitLabel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
