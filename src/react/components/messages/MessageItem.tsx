import MessagesSquare from 'lucide/dist/esm/icons/messages-square.mjs';
import Pin from 'lucide/dist/esm/icons/pin.mjs';
import { useCallback, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { textOf } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { formatMoment, formatTime, formatWhen } from '../../format.ts';
import { useEditing } from '../../hooks/useEditing.ts';
import { useHoverless } from '../../hooks/useHoverless.ts';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';
import { useMessageActions } from '../../hooks/useMessageActions.ts';
import { useReaders } from '../../hooks/useReaders.ts';
import { startOfDay } from '../../list/useDay.ts';
import { placeOf } from '../../replying.ts';
import { Avatar as DefaultAvatar } from '../parts/Avatar.tsx';
import { useRoot } from '../parts/useRoot.tsx';
import type { MessageItemProps } from '../types.ts';
import { abilitiesOf } from './abilities.ts';
import {
  answerPart,
  editorPart,
  LazyFile,
  LazyQuote,
  LazyReactions,
  menuPart,
  pickerPart,
  previewPart,
} from './lazy-parts.ts';
import { useRepliesContext } from '../replies/RepliesContext.ts';
import { MessageContent as DefaultContent } from './MessageContent.tsx';
import { hasState, MessageState } from './MessageState.tsx';
import { MessageToolbar } from './MessageToolbar.tsx';
import { Icon } from '../parts/Icon.tsx';

/**
 * One message, with what one can do with it. What state it is in stands on it:
 * `data-mine`, `data-continued`, `data-followed`, `data-delivery` (`sending`, `sent`, `failed`), `data-read` (of one's own: by
 * somebody), `data-deleted`, `data-edited`, `data-editing`, `data-pinned`,
 * `data-highlighted` (somebody just went to it), and of a change of one's own `data-change` (`edit`, `delete`, `react`, `unreact`, `pin`, `unpin`) with `data-change-status` (`saving`, `failed`).
 *
 * Keys, with the focus on it: Enter, the context-menu key and Shift+F10 open the menu of its actions; R answers it; Escape inside of it comes back to
 * it. In a list, ArrowUp and ArrowDown lead from one to the next, which find it by `data-message-id` and `tabIndex`: a component that
 * stands in for this one carries both.
 */
export function MessageItem(props: MessageItemProps): ReactNode {
  const {
    entry,
    continued,
    followed = false,
    onRetry,
    onDiscard,
    access = 'write',
    mayPin = false,
    highlighted = false,
    today = startOfDay(),
    className,
  } = props;
  const { strings, components, locale, client } = useChatContext('<MessageItem>');
  const Avatar = components.Avatar ?? DefaultAvatar;
  const Content = components.MessageContent ?? DefaultContent;
  const File = components.MessageFile ?? LazyFile;
  const Preview = components.LinkPreview ?? previewPart.Part;
  const root = useRoot('lk-message', className);
  const { message, delivery, mine, change } = entry;
  const rootId = useRepliesContext()?.rootId ?? null;
  const {
    startEdit,
    startReply,
    openReplies,
    pin,
    unpin,
    removePreview,
    delete: remove,
  } = useMessageActions(message.threadId, rootId);
  const readers = useReaders(message, mine && delivery === 'sent' && message.deletedAt === null);
  const article = useRef<HTMLElement>(null);
  const [open, setOpen] = useState<{ part: 'menu' | 'picker'; anchor: HTMLElement | null } | null>(null);
  // Where nobody is, a row is only what it says: most rows are scrolled by.
  const [near, setNear] = useState(false);
  const hoverless = useHoverless();
  const contentId = useId();

  const deleted = message.deletedAt !== null;
  const abilities = abilitiesOf(entry, access, {
    mayPin,
    can: (action) => client?.can(action) ?? true,
    canQuote: client?.canQuote ?? true,
  });
  const mayDoSomething = Object.values(abilities).includes(true);
  const editing = useEditing(placeOf(message.threadId, rootId), (id) => id === message.id) && abilities.edit;

  // Comes back from what was open in it; not when the person has gone elsewhere themselves.
  const focus = useCallback(() => article.current?.focus({ preventScroll: true }), []);
  const close = useCallback(
    (back: boolean) => {
      if (back) focus();
      setOpen(null);
    },
    [focus],
  );
  const [comesBack, setComesBack] = useState(0);
  useIsomorphicLayoutEffect(() => {
    if (comesBack > 0) focus();
  }, [comesBack, focus]);
  const endEdit = useCallback(() => {
    startEdit(null);
    setComesBack((count) => count + 1);
  }, [startEdit]);
  const edit = () => {
    setOpen(null);
    startEdit(message.id);
  };

  const reply = () => startReply(message);

  const takeOut = (url: string) => {
    // What was pressed is about to go.
    focus();
    return removePreview(message.id, url);
  };

  const openMenu = () => {
    const anchor = article.current?.querySelector<HTMLElement>('[data-menu]') ?? article.current;
    setOpen({ part: 'menu', anchor });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === 'Escape' && event.target !== event.currentTarget) {
      event.preventDefault();
      focus();
    }
    if (event.target !== event.currentTarget || !mayDoSomething) return;
    if (event.key === 'Enter' || event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      event.preventDefault();
      openMenu();
    } else if (event.key === 'r' && abilities.reply && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      reply();
    }
  };

  const name = mine ? strings.you : message.author.name || message.author.id;
  const clock = formatTime(message.createdAt, locale);
  const time = (
    // The server’s time zone is not the reader’s.
    <time
      dateTime={new Date(message.createdAt).toISOString()}
      title={near ? formatMoment(message.createdAt, locale) : undefined}
      suppressHydrationWarning
    >
      {clock}
    </time>
  );
  // Those of an answer stand where they come in it.
  const files = message.answer ? [] : message.parts.filter((part) => part.type === 'file');
  const { replyTo, replyCount = 0 } = message;
  const hasText = files.length === 0 || textOf(message.parts) !== '';
  return (
    <article
      {...root}
      ref={article}
      tabIndex={-1}
      suppressHydrationWarning // of the name, which has the time in it
      aria-label={strings.messageLabel(name, formatWhen(message.createdAt, today, locale))}
      aria-describedby={contentId}
      data-message-id={message.id}
      data-mine={mine}
      data-continued={continued}
      data-followed={followed}
      data-delivery={delivery}
      data-read={mine ? readers.length > 0 : undefined}
      data-answer={message.answer?.status}
      data-deleted={deleted}
      data-edited={message.editedAt !== null && !deleted}
      data-editing={editing}
      data-pinned={message.pinned !== undefined}
      data-highlighted={highlighted}
      data-change={change?.type}
      data-change-status={change?.status}
      onKeyDown={onKeyDown}
      onPointerEnter={() => setNear(true)}
      onPointerLeave={(event) => setNear(event.currentTarget.matches(':focus-within'))}
      onFocus={() => {
        setNear(true);
        menuPart.preload();
      }}
      onBlur={({ currentTarget, relatedTarget }) =>
        setNear(currentTarget.contains(relatedTarget) || currentTarget.matches(':hover'))
      }
    >
      {!mine && !continued && <Avatar user={message.author} />}
      <div className="lk-message-body">
        {!mine && !continued && (
          <div className="lk-author">
            <span className="lk-author-name">{name}</span>
            {time}
          </div>
        )}
        <div className="lk-message-says" id={contentId}>
          {deleted ? (
            <p className="lk-content lk-deleted">{strings.messageDeleted}</p>
          ) : editing ? (
            <editorPart.Part key={message.id} entry={entry} onDone={endEdit} onLoadError={endEdit} />
          ) : (
            <>
              {/* What all of a panel answers is not said with each of them. */}
              {replyTo && replyTo.id !== rootId && <LazyQuote threadId={message.threadId} quote={replyTo} />}
              {message.answer ? (
                <answerPart.Part message={message} mayAct={access !== 'read'} File={File} />
              ) : (
                hasText && <Content parts={message.parts} />
              )}
              {files.map((part) => (
                <File key={part.attachmentId} part={part} threadId={message.threadId} />
              ))}
              {message.previews?.map((preview) => (
                <Preview
                  key={preview.url}
                  preview={preview}
                  threadId={message.threadId}
                  onRemove={abilities.edit ? takeOut : undefined}
                />
              ))}
            </>
          )}
        </div>
        {message.pinned && (
          <span className="lk-pinned">
            <Icon of={Pin} size={12} />
            {strings.pinned}
          </span>
        )}
        {!deleted && message.reactions.length > 0 && (
          <LazyReactions
            message={message}
            mayReact={abilities.react}
            onAdd={(anchor) => setOpen({ part: 'picker', anchor })}
          />
        )}
        {replyCount > 0 && rootId === null && (
          <button
            type="button"
            className="lk-reply-count"
            aria-haspopup="dialog"
            onClick={() => openReplies(message.id)}
          >
            <Icon of={MessagesSquare} size={14} />
            {strings.replyCount(replyCount)}
          </button>
        )}
        {(mine || hasState(entry)) && !editing && (
          <div className="lk-meta">
            {mine && delivery !== 'failed' && change?.status !== 'failed' && (
              <>
                {time}
                {!(deleted && change === null) && ' · '}
              </>
            )}
            <MessageState entry={entry} readers={readers} onRetry={onRetry} onDiscard={onDiscard} onEdit={edit} />
          </div>
        )}
      </div>
      {mayDoSomething && !editing && (near || hoverless || open !== null) && (
        <MessageToolbar
          mayReact={abilities.react && !hoverless}
          mayReply={abilities.reply && !hoverless}
          open={open?.part ?? null}
          onReact={(anchor) => setOpen({ part: 'picker', anchor })}
          onReply={reply}
          onMenu={(anchor) => setOpen({ part: 'menu', anchor })}
        />
      )}
      {open?.part === 'menu' && (
        <menuPart.Part
          entry={entry}
          abilities={abilities}
          anchor={open.anchor}
          onRetry={onRetry}
          onDiscard={onDiscard}
          onReact={() => setOpen({ part: 'picker', anchor: open.anchor })}
          onReply={reply}
          onPin={() => (message.pinned ? unpin : pin)(message.id)}
          onEdit={edit}
          onDelete={() => remove(message.id)}
          onClose={close}
          onLoadError={() => close(true)}
        />
      )}
      {open?.part === 'picker' && (
        <pickerPart.Part message={message} anchor={open.anchor} onClose={close} onLoadError={() => close(true)} />
      )}
    </article>
  );
}
