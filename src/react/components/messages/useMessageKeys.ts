import { useMemo, useState, type KeyboardEvent, type RefObject } from 'react';
import { useLatest } from '../../hooks/useLatest.ts';
import { useEditing } from '../../hooks/useEditing.ts';
import { keyOf, type Rows } from '../../list/rows.ts';

/** Rows kept mounted around the focused one: the next message may stand behind a separator. */
const NEIGHBOURS = 2;
/**
 * The last rows stay while the list follows: it is moved to its new bottom only after what came was measured, and until then the virtual
 * list would take them for out of sight, and make them once more. Not those before an answer that grows, or grew: that takes them out
 * of sight for good.
 */
const NEWEST = 8;

export interface MessageKeys {
  /** For the virtual list: the focus, what is being edited, and where it follows the newest are never scrolled away into nothing. */
  keepMounted: readonly number[];
  onFocus: (event: React.FocusEvent) => void;
  onBlur: (event: React.FocusEvent) => void;
  onKeyDown: (event: KeyboardEvent<HTMLDivElement>) => void;
}

export interface MessageKeysOptions {
  /** Told that ArrowDown has reached the newest. */
  onEnd: () => void;
  /** Id of the message that has the focus, or is about to, when the list begins. */
  focused?: string | null;
  following?: boolean;
  /** Which row an answer grows in; -1: none. */
  growing?: number;
}

const idOf = (target: EventTarget): string | undefined =>
  (target as Element).closest<HTMLElement>('[data-message-id]')?.dataset['messageId'];

const messagesIn = (viewport: HTMLElement): HTMLElement[] => [
  ...viewport.querySelectorAll<HTMLElement>('[data-message-id]'),
];

/**
 * Moves the focus from message to message. From the list, ArrowUp goes to the last message that is shown, ArrowDown to the first; then
 * either goes on, unless the message reaches out of sight that way: then it scrolls, so that a long one can be read. Escape goes from a
 * message to where one writes, or else to the list.
 */
export function useMessageKeys(
  place: string,
  viewport: RefObject<HTMLDivElement | null>,
  rows: Rows,
  { onEnd, focused: first = null, following = false, growing = -1 }: MessageKeysOptions,
): MessageKeys {
  const [focused, setFocused] = useState<string | null>(first);
  const edited = useEditing(place, (id) => id);
  const latest = useLatest({ rows, onEnd });

  const [grew, setGrew] = useState<string | null>(null);
  const grows = growing < 0 ? undefined : rows.at(growing);
  if (grows && keyOf(grows) !== grew) setGrew(keyOf(grows));

  const keepMounted = useMemo(() => {
    const indexes = new Set<number>();
    const since = grew === null ? -1 : rows.indexOf(grew);
    const newest = following ? Math.max(0, rows.length - NEWEST, since) : rows.length;
    for (let at = newest; at < rows.length; at += 1) indexes.add(at);
    const keep = (id: string | null, around: number) => {
      const index = id === null ? -1 : rows.indexOf(id);
      if (index < 0) return;
      for (let at = Math.max(0, index - around); at <= Math.min(rows.length - 1, index + around); at += 1)
        indexes.add(at);
    };
    keep(focused, NEIGHBOURS);
    keep(edited, 0);
    return [...indexes].sort((a, b) => a - b);
  }, [rows, following, grew, focused, edited]);

  const handlers = useMemo<Omit<MessageKeys, 'keepMounted'>>(() => {
    const step = (list: HTMLElement, from: HTMLElement, down: boolean): HTMLElement | undefined => {
      const { top, bottom } = from.getBoundingClientRect();
      const edge = list.getBoundingClientRect();
      if (down ? bottom > edge.bottom + 1 : top < edge.top - 1) return undefined;
      const all = messagesIn(list);
      return all[all.indexOf(from) + (down ? 1 : -1)];
    };
    const enter = (list: HTMLElement, down: boolean): HTMLElement | undefined => {
      const edge = list.getBoundingClientRect();
      const shown = messagesIn(list).filter((item) => {
        const { top, bottom } = item.getBoundingClientRect();
        return bottom > edge.top && top < edge.bottom;
      });
      // Where nothing is laid out, all of them.
      return (shown.length > 0 ? shown : messagesIn(list)).at(down ? 0 : -1);
    };
    return {
      onFocus: (event) => setFocused(idOf(event.target) ?? null),
      onBlur: (event) => {
        if (!event.relatedTarget || !event.currentTarget.contains(event.relatedTarget)) setFocused(null);
      },
      onKeyDown: (event) => {
        const list = viewport.current;
        const target = event.target as HTMLElement;
        const onList = target === list;
        if (!list || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
        if (!onList && target.dataset['messageId'] === undefined) return;
        if (event.key === 'Escape') {
          const around = list.closest('.lk-replies, .lk-window');
          const composer = around?.querySelector<HTMLElement>('.lk-composer-text:not(:disabled)');
          event.preventDefault();
          (composer ?? list).focus({ preventScroll: true });
          return;
        }
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
        const down = event.key === 'ArrowDown';
        const next = onList ? enter(list, down) : step(list, target, down);
        if (!next) return;
        event.preventDefault();
        next.focus();
        const { rows: shown } = latest.current;
        const last = shown.at(shown.length - 1);
        if (down && last && next.dataset['messageId'] === keyOf(last)) latest.current.onEnd();
      },
    };
  }, [viewport, latest]);

  return { keepMounted, ...handlers };
}
