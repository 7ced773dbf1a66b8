import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { MemberListState } from '../../../../client/index.ts';
import type { ChatUser, Message } from '../../../../protocol/index.ts';
import { useChatContext } from '../../../ChatContext.ts';
import type { ChatCommand } from '../../../composer-options.ts';
import { useIsomorphicLayoutEffect } from '../../../hooks/useIsomorphicLayoutEffect.ts';
import { useLatest } from '../../../hooks/useLatest.ts';
import { useReadable } from '../../../hooks/useReadable.ts';
import { Avatar as DefaultAvatar } from '../../parts/Avatar.tsx';
import { useComposer } from '../ComposerContext.ts';
import { labelFor, matching, MOST_SHOWN, peopleIn } from './candidates.ts';
import { triggerAt, type Trigger } from './trigger.ts';
import { useMentionSearch } from './useMentionSearch.ts';

const NOBODY: MemberListState = { status: 'loading', members: [], hasMore: false, loadingMore: false, error: null };

type Item = { id: string; user: ChatUser } | { id: string; command: ChatCommand };

/**
 * The list that `@` and `/` open above the text. The cursor stays in the text: arrows choose, Enter and Tab take, Escape closes. A text
 * field of several lines can be no combobox (ARIA 1.2), so it stays one, tells by `aria-activedescendant` what is chosen, and a status
 * says how many there are.
 */
export function Suggestions(): ReactNode {
  const { client, userId, strings, components } = useChatContext('<MessageComposer>');
  const { threadId, text, field, commands, suggest, complete } = useComposer();
  const [cursor, setCursor] = useState(() => field.current?.selectionStart ?? 0);
  const [closedAt, setClosedAt] = useState<string | null>(null);
  const [chosen, setChosen] = useState({ key: '', index: 0 });
  const list = useRef<HTMLUListElement>(null);
  const Avatar = components.Avatar ?? DefaultAvatar;

  useIsomorphicLayoutEffect(() => {
    const box = field.current;
    if (!box) return undefined;
    const listening = new AbortController();
    const look = () =>
      setCursor(document.activeElement === box && box.selectionStart === box.selectionEnd ? box.selectionStart : -1);
    look();
    for (const type of ['input', 'keyup', 'click', 'focus', 'blur', 'select']) {
      box.addEventListener(type, look, { signal: listening.signal });
    }
    return () => listening.abort();
  }, [field]);

  const trigger = cursor < 0 ? null : triggerAt(text, cursor);
  const key = trigger ? `${trigger.kind} ${trigger.from}` : '';
  // Closed for what was being written, and not for the next at the same place.
  if (closedAt !== null && closedAt !== key) setClosedAt(null);
  const handle = client?.thread(threadId);
  const wantsPeople = trigger?.kind === 'mention' && key !== closedAt;
  const found = useMentionSearch(threadId, wantsPeople ? key : null, trigger?.query);
  const people = useReadable(wantsPeople && handle && !found ? handle.members : null, NOBODY, NOBODY);
  const items = useMemo(
    () => {
      if (!trigger || key === closedAt) return [];
      if (trigger.kind === 'mention' && found) return found.slice(0, MOST_SHOWN).map((user) => ({ id: user.id, user }));
      return itemsFor(trigger, commands, people, handle?.get().entries.messages ?? [], userId);
    },
    // eslint-disable-next-line react-hooks/exhaustive-deps -- of the trigger only what it asks for
    [key, trigger?.query, closedAt, commands, found, people, handle, userId],
  );
  const index = chosen.key === key ? Math.min(chosen.index, items.length - 1) : 0;
  const listId = `${field.current?.id ?? ''}-list`;

  // Those further down the list are read while nobody fits.
  useEffect(() => {
    if (wantsPeople && items.length === 0 && people.hasMore && !people.loadingMore) void handle?.members.loadMore();
  }, [wantsPeople, items.length, people.hasMore, people.loadingMore, handle]);

  const take = (item: Item | undefined) => {
    if (!item || !trigger) return;
    setClosedAt(key);
    complete(trigger, 'user' in item ? { user: item.user, labelFor } : { command: item.command });
  };
  const onKey = useLatest((event: KeyboardEvent): boolean => {
    if (items.length === 0 || event.nativeEvent.isComposing || event.keyCode === 229) return false;
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (move !== 0) setChosen({ key, index: (index + move + items.length) % items.length });
    else if (event.key === 'Escape') setClosedAt(key);
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) take(items[index]);
    else return false;
    return true;
  });

  const activeId = items.length > 0 ? `${listId}-${index}` : null;
  useIsomorphicLayoutEffect(() => {
    suggest(activeId === null ? null : { listId, activeId, onKey: (event) => onKey.current(event) });
    const option = list.current?.children[index];
    if (option && 'scrollIntoView' in option) option.scrollIntoView({ block: 'nearest' }); // jsdom has none
    return () => suggest(null);
  }, [suggest, listId, activeId, index, onKey]);

  const label = trigger?.kind === 'command' ? strings.commandsLabel : strings.mentionsLabel;
  return (
    <>
      {items.length > 0 && (
        <ul ref={list} className="lk-suggestions" id={listId} role="listbox" aria-label={label}>
          {items.map((item, at) => (
            <li
              key={item.id}
              id={`${listId}-${at}`}
              className="lk-suggestion-item"
              role="option"
              aria-selected={at === index}
              // The cursor stays in the text.
              onPointerDown={(event) => event.preventDefault()}
              onPointerMove={() => index !== at && setChosen({ key, index: at })}
              onClick={() => take(item)}
            >
              {'user' in item ? (
                <>
                  <Avatar user={item.user} />
                  <bdi className="lk-suggestion-name">{item.user.name || item.user.id}</bdi>
                </>
              ) : (
                <>
                  <span className="lk-suggestion-name">
                    /{item.command.name}
                    {item.command.argument && <span className="lk-suggestion-argument"> {item.command.argument}</span>}
                  </span>
                  <span className="lk-suggestion-hint">{item.command.description}</span>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      <span className="lk-hidden" role="status">
        {items.length > 0 ? strings.suggestionCount(items.length) : ''}
      </span>
    </>
  );
}

function itemsFor(
  { kind, query }: Trigger,
  commands: readonly ChatCommand[],
  { members }: MemberListState,
  messages: readonly Message[],
  me: string | null,
): Item[] {
  if (kind === 'command') {
    return matching(commands, query, ({ name }) => [name]).map((command) => ({ id: command.name, command }));
  }
  return matching(peopleIn(members, messages, me), query, ({ id, name }) => [name, id]).map((user) => ({
    id: user.id,
    user,
  }));
}
