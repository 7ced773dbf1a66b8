import UserPlus from 'lucide/dist/esm/icons/user-plus.mjs';
import { useRef, useState, type ReactNode } from 'react';
import { useChatContext } from '../../../ChatContext.ts';
import { useMembers } from '../../../hooks/useMembers.ts';
import { threadAbilitiesOf } from '../../../thread-abilities.ts';
import { useIsomorphicLayoutEffect } from '../../../hooks/useIsomorphicLayoutEffect.ts';
import { Dialog } from '../../parts/Dialog.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { Refusal } from '../../parts/Refusal.tsx';
import { Skeleton } from '../../parts/Skeleton.tsx';
import { useKeptFocus } from '../../parts/useKeptFocus.ts';
import { useRequest } from '../../parts/useRequest.ts';
import { AddMembers } from './AddMembers.tsx';
import { MemberRow } from './MemberRow.tsx';
import type { ThreadDialogProps } from './types.ts';

/** Who is in a conversation, with what the person may do about it. */
export function MembersDialog({ thread, onClose }: ThreadDialogProps): ReactNode {
  const { client, strings } = useChatContext('<MembersDialog>');
  const { status, members, hasMore, loadMore, error, save, remove } = useMembers(thread.id);
  const request = useRequest();
  const { rolesToAdd, manage } = threadAbilitiesOf(thread);
  const [adding, setAdding] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const addButton = useRef<HTMLButtonElement>(null);
  const focus = useKeptFocus(list, members, () => addButton.current);
  const cameBack = useRef(false);
  useIsomorphicLayoutEffect(() => {
    if (!adding && cameBack.current) addButton.current?.focus();
    cameBack.current = adding;
  }, [adding]);

  if (adding) {
    return (
      <Dialog key="add" title={strings.addPeople} onClose={onClose}>
        <AddMembers
          roles={rolesToAdd}
          present={new Set(members.map(({ user }) => user.id))}
          onAdd={save}
          onDone={() => setAdding(false)}
        />
      </Dialog>
    );
  }
  const mayAdd = rolesToAdd.length > 0 && client?.can('searchPeople');
  return (
    <Dialog key="list" title={strings.members} onClose={onClose}>
      <div className="lk-dialog-body">
        {mayAdd && (
          <button
            ref={addButton}
            type="button"
            className="lk-button lk-add-people"
            data-autofocus
            onClick={() => setAdding(true)}
          >
            <Icon of={UserPlus} size={16} />
            {strings.addPeople}
          </button>
        )}
        {status === 'loading' && members.length === 0 ? (
          <Skeleton label={strings.membersLoading} shape="threads" rows={3} />
        ) : members.length === 0 && !error ? (
          <p className="lk-people-status">{strings.membersNone}</p>
        ) : (
          <ul className="lk-people-found" ref={list} aria-busy={request.busy} {...focus}>
            {members.map((member) => (
              <MemberRow
                key={member.user.id}
                member={member}
                mayManage={manage && client?.can('saveMember') === true}
                onRole={(role) => void request.run(() => save(member.user.id, role))}
                onRemove={() => void request.run(() => remove(member.user.id))}
              />
            ))}
          </ul>
        )}
        {hasMore && (
          <button type="button" className="lk-button" onClick={() => void request.run(loadMore)}>
            {strings.membersMore}
          </button>
        )}
        <Refusal error={request.error ?? error} />
      </div>
    </Dialog>
  );
}
