import Search from 'lucide/dist/esm/icons/search.mjs';
import X from 'lucide/dist/esm/icons/x.mjs';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { SearchHit, Thread } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { formatMoment, formatShort } from '../../format.ts';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';
import { useSearch } from '../../hooks/useSearch.ts';
import { useThreads } from '../../hooks/useThreads.ts';
import { useDay } from '../../list/useDay.ts';
import { errorText } from '../../strings.ts';
import { Icon } from '../parts/Icon.tsx';
import { IconButton } from '../parts/IconButton.tsx';

export interface SearchPanelProps {
  /** Looks in this conversation alone; else in all, also by their titles. */
  threadId?: string | undefined;
  onPick: (threadId: string, messageId: string | null) => void;
  onClose: () => void;
}

/** Conversations that are shown for their titles, and how many are looked at for them: beyond, messages are what is searched. */
const MOST_TITLED = 5;
const MOST_LOOKED_AT = 1_000;

type Option = { key: string; thread: Thread } | { key: string; hit: SearchHit };

/**
 * A field that looks for messages, with what it found under it. Arrow keys move in the results, Enter goes to one, Escape closes.
 * `data-status` is the search's (`idle`, `searching`, `ready`, `error`).
 */
export function SearchPanel({ threadId, onPick, onClose }: SearchPanelProps): ReactNode {
  const { strings } = useChatContext('<SearchPanel>');
  const { query, setQuery, status, hits, hasMore, loadMore, error, retry } = useSearch({ threadId });
  const titled = useTitled(threadId === undefined ? query : '');
  const [active, setActive] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const list = useId();
  const options: Option[] = [
    ...titled.map((thread) => ({ key: `thread:${thread.id}`, thread })),
    ...hits.map((hit) => ({ key: `message:${hit.messageId}`, hit })),
  ];
  const at = Math.min(active, options.length - 1);
  const label = threadId === undefined ? strings.searchAll : strings.searchThread;

  useIsomorphicLayoutEffect(() => field.current?.focus(), []);
  useEffect(() => {
    document.getElementById(`${list}-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [list, at]);

  const pick = (option: Option | undefined) => {
    if (!option) return;
    if ('hit' in option) onPick(option.hit.threadId, option.hit.messageId);
    else onPick(option.thread.id, null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter') pick(options[at]);
    else if (step !== undefined) setActive(Math.max(0, Math.min(options.length - 1, at + step)));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const text = error && errorText(strings, error);
  const isEmpty = status === 'ready' && options.length === 0;
  return (
    <div className="lk-search" role="search" aria-label={label} data-status={status}>
      <div className="lk-search-field">
        <Icon of={Search} size={16} />
        <input
          ref={field}
          type="text"
          role="combobox"
          enterKeyHint="search"
          maxLength={200}
          aria-label={label}
          aria-expanded={options.length > 0}
          aria-controls={list}
          aria-activedescendant={options.length > 0 ? `${list}-${at}` : undefined}
          placeholder={label}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        {status === 'searching' && <span className="lk-spinner" aria-hidden="true" />}
        <IconButton icon={X} label={strings.closeSearch} onClick={onClose} />
      </div>
      <div className="lk-search-results">
        <ul id={list} role="listbox" aria-label={strings.searchResults(options.length)}>
          {options.map((option, index) => (
            // The field has the keys: the option that they lead to is named there.
            <li
              key={option.key}
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === at}
              className="lk-hit"
              onPointerMove={() => setActive(index)}
              onClick={() => pick(option)}
            >
              {'hit' in option ? (
                <HitLine hit={option.hit} showThread={threadId === undefined} />
              ) : (
                <span className="lk-hit-thread">{option.thread.title}</span>
              )}
            </li>
          ))}
        </ul>
        {status === 'idle' && <p className="lk-search-note">{strings.searchHint}</p>}
        {isEmpty && <p className="lk-search-note">{strings.searchNone}</p>}
        {text && (
          <p className="lk-search-note" role="alert">
            {text.what}{' '}
            <button type="button" className="lk-link" onClick={retry}>
              {strings.retry}
            </button>
          </p>
        )}
        {hasMore && (
          <button type="button" className="lk-button lk-search-more" onClick={loadMore}>
            {strings.searchMore}
          </button>
        )}
      </div>
      <span className="lk-hidden" role="status">
        {status === 'searching' ? strings.searching : status === 'ready' ? strings.searchResults(options.length) : ''}
      </span>
    </div>
  );
}

/** Conversations whose title holds what is typed: the latest. Further pages are read while too few of them do. */
function useTitled(query: string): readonly Thread[] {
  const { threads, hasMore, loadingMore, error, loadMore } = useThreads();
  const sought = query.trim().toLocaleLowerCase();
  const isSought = sought !== '';
  const found = isSought ? threads.filter(({ title }) => title.toLocaleLowerCase().includes(sought)) : [];
  const mayRead = hasMore && !loadingMore && error === null && threads.length < MOST_LOOKED_AT;
  const reads = isSought && mayRead && found.length < MOST_TITLED;
  useEffect(() => {
    if (reads) void loadMore();
  }, [reads, threads, loadMore]);
  return found.slice(0, MOST_TITLED);
}

function HitLine({ hit, showThread }: { hit: SearchHit; showThread: boolean }): ReactNode {
  const { strings, userId, locale } = useChatContext('<SearchPanel>');
  const today = useDay();
  const { author, createdAt, threadTitle } = hit;
  return (
    <>
      <span className="lk-hit-head">
        <span className="lk-hit-author">{author.id === userId ? strings.you : author.name || author.id}</span>
        <time dateTime={new Date(createdAt).toISOString()} title={formatMoment(createdAt, locale)}>
          {formatShort(createdAt, today, locale)}
        </time>
      </span>
      {showThread && <span className="lk-hit-place">{threadTitle || strings.threadUntitled}</span>}
      <span className="lk-hit-text" dir="auto">
        {piecesOf(hit).map(({ text, found }, index) => (found ? <mark key={index}>{text}</mark> : text))}
      </span>
    </>
  );
}

function piecesOf({ snippet, ranges }: SearchHit): { text: string; found: boolean }[] {
  const pieces: { text: string; found: boolean }[] = [];
  let end = 0;
  for (const range of ranges) {
    pieces.push({ text: snippet.slice(end, range.start), found: false });
    pieces.push({ text: snippet.slice(range.start, range.end), found: true });
    end = range.end;
  }
  return [...pieces, { text: snippet.slice(end), found: false }];
}
