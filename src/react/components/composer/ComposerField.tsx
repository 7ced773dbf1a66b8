import { useId, type KeyboardEvent, type ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { useMessageActions } from '../../hooks/useMessageActions.ts';
import { useThread } from '../../hooks/useThread.ts';
import { useComposer } from './ComposerContext.ts';

/** Where the text is written. It grows with it, up to a share of the window, and scrolls from there on. */
export function ComposerField({ autoFocus }: { autoFocus: boolean }): ReactNode {
  const { strings, composer } = useChatContext('<MessageComposer>');
  const id = useId();
  const { threadId, replyTo, answered, cancelReply, list, text, field, write, submit, blocked, note, noteId, over } =
    useComposer();
  const { thread } = useThread(threadId);
  const { startEditLast } = useMessageActions(threadId, replyTo);
  const title = thread ? thread.title || strings.threadUntitled : null;

  const byModifier = composer.sendKey === 'mod-enter';
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (list?.onKey(event)) {
      event.preventDefault();
      event.stopPropagation(); // an Escape closes the list, and nothing around it
      return;
    }
    const plain = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
    if (event.key === 'ArrowUp' && plain && event.currentTarget.value === '' && !event.nativeEvent.isComposing) {
      if (startEditLast()) event.preventDefault();
      return;
    }
    if (event.key === 'Escape' && plain && answered && !event.nativeEvent.isComposing) {
      event.preventDefault();
      return cancelReply();
    }
    // 229: Safari ends a composition before the Enter that ended it arrives.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (byModifier && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    if (!event.repeat) submit();
  };

  return (
    // The copy of the text in data-value gives the box its height, with no layout read.
    <div className="lk-composer-grow" data-value={text}>
      <textarea
        ref={field}
        id={id}
        className="lk-composer-text"
        rows={1}
        value={text}
        onChange={(event) => write(event.target.value)}
        onKeyDown={onKeyDown}
        placeholder={blocked ?? (replyTo === null ? strings.composerPlaceholder(title) : strings.replyPlaceholder)}
        aria-label={replyTo === null ? strings.composerLabel(title) : strings.replyPlaceholder}
        aria-describedby={note === null ? undefined : noteId}
        aria-invalid={over || undefined}
        disabled={blocked !== null}
        autoFocus={autoFocus}
        aria-autocomplete={list ? 'list' : undefined}
        aria-controls={list?.listId}
        aria-activedescendant={list?.activeId}
        enterKeyHint={byModifier ? 'enter' : 'send'}
        dir="auto"
      />
    </div>
  );
}
