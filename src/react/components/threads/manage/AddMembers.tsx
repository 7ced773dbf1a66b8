import { useState, type ReactNode } from 'react';
import type { ChatUser, Role } from '../../../../protocol/index.ts';
import { useChatContext } from '../../../ChatContext.ts';
import { Refusal } from '../../parts/Refusal.tsx';
import { useRequest } from '../../parts/useRequest.ts';
import { PeoplePicker } from './PeoplePicker.tsx';
import { RoleSelect } from './RoleSelect.tsx';

interface AddMembersProps {
  /** Those that the person may give. */
  roles: readonly Role[];
  /** Ids of those who are in it. */
  present: ReadonlySet<string>;
  onAdd: (userId: string, role: Role) => Promise<void>;
  onDone: () => void;
}

/** People to add, and as what. One who is refused stays chosen, with the reason. */
export function AddMembers({ roles, present, onAdd, onDone }: AddMembersProps): ReactNode {
  const { strings } = useChatContext('<AddMembers>');
  const [chosen, setChosen] = useState<readonly ChatUser[]>([]);
  const [role, setRole] = useState<Role>('member');
  const { busy, error, run } = useRequest();
  const submit = () =>
    run(async () => {
      for (const { id } of chosen) {
        await onAdd(id, role);
        setChosen((now) => now.filter((person) => person.id !== id));
      }
      onDone();
    });
  return (
    <>
      <div className="lk-dialog-body">
        <PeoplePicker chosen={chosen} onChange={setChosen} without={present} autoFocus />
        {roles.length > 1 && <RoleSelect label={strings.role} roles={roles} value={role} onChange={setRole} />}
        <Refusal error={error} />
      </div>
      <div className="lk-dialog-foot">
        <button type="button" className="lk-button" onClick={onDone}>
          {strings.cancel}
        </button>
        <button
          type="button"
          className="lk-button lk-primary"
          aria-busy={busy}
          disabled={chosen.length === 0}
          onClick={() => void submit()}
        >
          {strings.addPeople}
        </button>
      </div>
    </>
  );
}
