import { useState, type ReactNode } from 'react';
import { v7 as uuidv7 } from 'uuid';
import { MAX_TITLE_LENGTH, type ChatUser, type Thread, type ThreadAccess } from '../../../../protocol/index.ts';
import { useChatContext } from '../../../ChatContext.ts';
import { useThreads } from '../../../hooks/useThreads.ts';
import { DialogForm } from '../../parts/DialogForm.tsx';
import { useRequest } from '../../parts/useRequest.ts';
import { PeoplePicker } from './PeoplePicker.tsx';

export interface NewThreadDialogProps {
  /** Whether to ask who may read it: one for everybody is the app's to allow. */
  offersOpen: boolean;
  onCreated: (thread: Thread) => void;
  onClose: () => void;
}

/** Asks for what a new conversation is to be. Without a title it is called by the people in it. */
export function NewThreadDialog({ offersOpen, onCreated, onClose }: NewThreadDialogProps): ReactNode {
  const { client, strings } = useChatContext('<NewThreadDialog>');
  const { create } = useThreads();
  const [title, setTitle] = useState('');
  const [access, setAccess] = useState<ThreadAccess>('members');
  const [chosen, setChosen] = useState<readonly ChatUser[]>([]);
  // Asked once more after a time-out, it is made once.
  const [threadId] = useState(() => uuidv7());
  const { busy, error, run } = useRequest();

  const submit = () =>
    run(async () => {
      const named = title.trim() || chosen.map(({ name }) => name).join(', ');
      const memberIds = chosen.map(({ id }) => id);
      onCreated(await create({ threadId, title: named.slice(0, MAX_TITLE_LENGTH), access, memberIds }));
    });

  return (
    <DialogForm
      title={strings.newThread}
      submitLabel={strings.createThread}
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
          required={chosen.length === 0}
          autoComplete="off"
          dir="auto"
          data-autofocus
          onChange={(event) => setTitle(event.target.value)}
        />
      </label>
      {offersOpen && (
        <fieldset className="lk-field">
          <legend>{strings.threadAccess}</legend>
          {(['members', 'open'] as const).map((value) => (
            <label key={value} className="lk-choice">
              <input
                type="radio"
                name={`access-${threadId}`}
                checked={access === value}
                onChange={() => setAccess(value)}
              />
              {value === 'open' ? strings.accessOpen : strings.accessMembers}
            </label>
          ))}
        </fieldset>
      )}
      {client?.can('searchPeople') && <PeoplePicker chosen={chosen} onChange={setChosen} />}
    </DialogForm>
  );
}
