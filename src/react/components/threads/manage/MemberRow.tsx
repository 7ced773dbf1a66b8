import UserMinus from 'lucide/dist/esm/icons/user-minus.mjs';
import type { ReactNode } from 'react';
import type { Member, Role } from '../../../../protocol/index.ts';
import { useChatContext } from '../../../ChatContext.ts';
import { Avatar as DefaultAvatar } from '../../parts/Avatar.tsx';
import { IconButton } from '../../parts/IconButton.tsx';
import { RoleSelect } from './RoleSelect.tsx';

interface MemberRowProps {
  member: Member;
  /** Whether the person may change what others are; about themself they leave. */
  mayManage: boolean;
  onRole: (role: Role) => void;
  onRemove: () => void;
}

const ROLES: readonly Role[] = ['owner', 'agent', 'member', 'readonly'];

export function MemberRow({ member, mayManage, onRole, onRemove }: MemberRowProps): ReactNode {
  const { strings, components, userId } = useChatContext('<MemberRow>');
  const Avatar = components.Avatar ?? DefaultAvatar;
  const { user, role } = member;
  const own = user.id === userId;
  return (
    <li className="lk-person">
      <Avatar user={user} />
      <span className="lk-person-name">
        {user.name}
        {own && <span className="lk-person-you"> ({strings.you})</span>}
      </span>
      {mayManage && !own ? (
        <>
          <RoleSelect label={strings.roleOf(user.name)} roles={ROLES} value={role} onChange={onRole} />
          <IconButton icon={UserMinus} label={strings.removePerson(user.name)} onClick={onRemove} />
        </>
      ) : (
        <span className="lk-person-role">{strings.roles[role]}</span>
      )}
    </li>
  );
}
