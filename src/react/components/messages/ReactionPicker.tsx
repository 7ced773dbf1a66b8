import { useId, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';
import { usePopover } from '../parts/usePopover.ts';
import { EMOJI, QUICK, type Emoji, type EmojiGroup } from './emoji.ts';

/** Emoji beside each other; the stylesheet lays out as many. */
const COLUMNS = 8;

export interface ReactionPickerProps {
  anchor: HTMLElement | null;
  /** The spoken name. Default: that of reacting. */
  label?: string;
  /** Those that the person gave already. */
  given: readonly string[];
  onPick: (emoji: string) => void;
  /** `back`: focus goes back to the message; without it, the person pressed elsewhere. */
  onClose: (back: boolean) => void;
}

interface Section {
  key: string;
  label: string;
  emoji: readonly Emoji[];
}

/** Emoji in groups, with a search by name. Arrow keys move between them; letters search; Escape closes. */
export function ReactionPicker({ anchor, label, given, onPick, onClose }: ReactionPickerProps): ReactNode {
  const { strings } = useChatContext('<MessageItem>');
  const popover = usePopover(anchor, () => onClose(false));
  const [query, setQuery] = useState('');
  const statusId = useId();

  const sections = useMemo(() => {
    const all: Section[] = [
      { key: 'quick', label: strings.reactionsQuick, emoji: QUICK },
      ...(Object.keys(EMOJI) as EmojiGroup[]).map((key) => ({
        key,
        label: strings.reactionGroups[key],
        emoji: EMOJI[key],
      })),
    ];
    const wanted = query.trim().toLowerCase();
    if (wanted === '') return all;
    return all
      .slice(1)
      .map((section) => ({
        ...section,
        emoji: section.emoji.filter(({ emoji, name }) => emoji === wanted || name.toLowerCase().includes(wanted)),
      }))
      .filter((section) => section.emoji.length > 0);
  }, [query, strings]);

  useIsomorphicLayoutEffect(() => {
    // Not to the search: on a phone, that would bring up a keyboard over what is to be chosen.
    popover.current?.querySelector<HTMLElement>('[data-emoji]')?.focus();
  }, [popover]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    event.stopPropagation(); // The list moves by the same keys.
    const search = event.currentTarget.querySelector('input');
    if (event.key === 'Escape') {
      event.preventDefault();
      onClose(true);
    } else if (event.target === search) {
      const first = event.currentTarget.querySelector<HTMLElement>('[data-emoji]');
      if (event.nativeEvent.isComposing || !first) return;
      if (event.key === 'ArrowDown') {
        event.preventDefault();
        first.focus();
      } else if (event.key === 'Enter') {
        event.preventDefault();
        onPick(first.dataset['emoji'] ?? '');
      }
    } else {
      const target = neighbour(event);
      if (target) {
        event.preventDefault();
        target.focus();
      } else if (
        event.key === 'ArrowUp' ||
        (event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey)
      ) {
        search?.focus(); // The letter goes on into it.
      }
    }
  };

  let first = true;
  return (
    <div
      ref={popover}
      className="lk-popover lk-picker"
      role="dialog"
      aria-label={label ?? strings.react}
      aria-live="off"
      onKeyDown={onKeyDown}
    >
      <input
        className="lk-picker-search"
        type="search"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        placeholder={strings.reactionSearch}
        aria-label={strings.reactionSearch}
        aria-describedby={statusId}
        autoComplete="off"
        enterKeyHint="done"
      />
      <div className="lk-picker-groups">
        {sections.map(({ key, label, emoji: shown }) => (
          <div key={key} role="group" aria-label={label}>
            {query === '' && key !== 'quick' && (
              <p className="lk-picker-heading" aria-hidden="true">
                {label}
              </p>
            )}
            <div className="lk-picker-grid">
              {shown.map(({ emoji, name }) => {
                const tabIndex = first ? 0 : -1;
                first = false;
                return (
                  <button
                    key={emoji}
                    type="button"
                    tabIndex={tabIndex}
                    data-emoji={emoji}
                    aria-label={name}
                    title={name}
                    aria-pressed={given.includes(emoji)}
                    onClick={() => onPick(emoji)}
                  >
                    {emoji}
                  </button>
                );
              })}
            </div>
          </div>
        ))}
      </div>
      <p className="lk-picker-none" id={statusId} role="status">
        {sections.length === 0 ? strings.reactionsNone : ''}
      </p>
    </div>
  );
}

/** The emoji that an arrow key leads to. Each group begins a row of its own. */
function neighbour(event: KeyboardEvent<HTMLDivElement>): HTMLElement | undefined {
  const groups = [...event.currentTarget.querySelectorAll('.lk-picker-grid')];
  const rows = groups.flatMap((group) => {
    const cells = [...group.querySelectorAll<HTMLElement>('[data-emoji]')];
    return Array.from({ length: Math.ceil(cells.length / COLUMNS) }, (_, row) =>
      cells.slice(row * COLUMNS, (row + 1) * COLUMNS),
    );
  });
  const row = rows.findIndex((cells) => cells.includes(event.target as HTMLElement));
  const column = rows[row]?.indexOf(event.target as HTMLElement) ?? -1;
  if (column < 0) return undefined;
  const inRow = (cells: HTMLElement[] | undefined) => cells?.[Math.min(column, cells.length - 1)];
  const all = rows.flat();
  const at = all.indexOf(event.target as HTMLElement);
  const forward = getComputedStyle(event.currentTarget).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  switch (event.key) {
    case 'ArrowDown':
      return inRow(rows[row + 1]);
    case 'ArrowUp':
      return row > 0 ? inRow(rows[row - 1]) : undefined;
    case 'ArrowLeft':
    case 'ArrowRight':
      return all[at + (event.key === forward ? 1 : -1)];
    case 'Home':
      return rows[row]?.[0];
    case 'End':
      return rows[row]?.at(-1);
    default:
      return undefined;
  }
}
