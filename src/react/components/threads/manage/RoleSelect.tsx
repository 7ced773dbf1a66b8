import type { ReactNode } from 'react';
import type { Role } from '../../../../protocol/index.ts';
import { useChatContext } from '../../../ChatContext.ts';

interface RoleSelectProps {
  label: string;
  roles: readonly Role[];
  value: Role;
  onChange: (role: Role) => void;
}

export function RoleSelect({ label, roles, value, onChange }: RoleSelectProps): ReactNode {
  const { strings } = useChatContext('<RoleSelect>');
  return (
    <select
      className="lk-select"
      aria-label={label}
      value={value}
      onChange={(event) => {
        const role = roles.find((each) => each === event.target.value);
        if (role) onChange(role);
      }}
    >
      {roles.map((role) => (
        <option key={role} value={role}>
          {strings.roles[role]}
        </option>
      ))}
    </select>
  );
}
