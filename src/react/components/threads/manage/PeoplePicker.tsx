import Search from 'lucide/dist/esm/icons/search.mjs';
import X from 'lucide/dist/esm/icons/x.mjs';
import { useRef, type ReactNode } from 'react';
import { MAX_QUERY_LENGTH, type ChatUser } from '../../../../protocol/index.ts';
import { useChatContext } from '../../../ChatContext.ts';
import { useSearchPeople } from '../../../hooks/useSearchPeople.ts';
import { Avatar as DefaultAvatar } from '../../parts/Avatar.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { Refusal } from '../../parts/Refusal.tsx';

interface PeoplePickerProps {
  chosen: readonly ChatUser[];
  onChange: (chosen: readonly ChatUser[]) => void;
  /** Ids of those who are not to be chosen. */
  without?: ReadonlySet<string>;
  autoFocus?: boolean;
}

const NOBODY: ReadonlySet<string> = /* @__PURE__ */ new Set<string>();

/** People to choose from, found by name; those who are chosen stand above. */
export function PeoplePicker({ chosen, onChange, without = NOBODY, autoFocus }: PeoplePickerProps): ReactNode {
  const { strings, components } = useChatContext('<PeoplePicker>');
  const { query, setQuery, status, people, error } = useSearchPeople();
  const field = useRef<HTMLInputElement>(null);
  const Avatar = components.Avatar ?? DefaultAvatar;
  const shown = people.filter(({ id }) => !without.has(id));
  const isChosen = ({ id }: ChatUser) => chosen.some((person) => person.id === id);
  const toggle = (person: ChatUser) =>
    onChange(isChosen(person) ? chosen.filter(({ id }) => id !== person.id) : [...chosen, person]);
  return (
    <div className="lk-people" role="group" aria-label={strings.people}>
      {chosen.length > 0 && (
        <ul className="lk-people-chosen">
          {chosen.map((person) => (
            <li key={person.id}>
              <button
                type="button"
                className="lk-person-chip"
                aria-label={strings.removePerson(person.name)}
                onClick={() => {
                  toggle(person);
                  // The button that had the focus goes.
                  field.current?.focus();
                }}
              >
                {person.name}
                <Icon of={X} size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <label className="lk-search-field">
        <Icon of={Search} size={16} />
        <input
          ref={field}
          type="search"
          value={query}
          maxLength={MAX_QUERY_LENGTH}
          placeholder={strings.peopleSearch}
          aria-label={strings.peopleSearch}
          autoComplete="off"
          data-autofocus={autoFocus}
          onChange={(event) => setQuery(event.target.value)}
          // Enter looks for somebody: it does not send what is around.
          onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
        />
      </label>
      <ul className="lk-people-found" aria-busy={status === 'searching'}>
        {shown.map((person) => (
          <li key={person.id}>
            <label className="lk-person">
              <input type="checkbox" checked={isChosen(person)} onChange={() => toggle(person)} />
              <Avatar user={person} />
              <span className="lk-person-name">{person.name}</span>
            </label>
          </li>
        ))}
      </ul>
      <p className="lk-people-status" role="status">
        {status === 'searching'
          ? strings.searching
          : status === 'error'
            ? ''
            : shown.length === 0
              ? strings.peopleNone
              : strings.peopleCount(shown.length)}
      </p>
      <Refusal error={error} />
    </div>
  );
}
