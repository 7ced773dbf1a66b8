import type { KeyboardEvent, ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { useMessageActions } from '../../hooks/useMessageActions.ts';
import { useThread } from '../../hooks/useThread.ts';
import { useComposer } from './ComposerContext.ts';

/** Where the text is written. It grows with it, up to a share of the window, and scrolls from there on. */
export function ComposerField({ autoFocus }: { autoFocus: boolean }): ReactNode {
  const { strings } = useChatContext('<MessageComposer>');
  const { threadId, replyTo, answered, cancelReply, text, field, write, submit, blocked, note, noteId, over } =
    useComposer();
  const { thread } = useThread(threadId);
  const { startEditLast } = useMessageActions(threadId, replyTo);
  const title = thread ? thread.title || strings.threadUntitled : null;

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
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
    event.preventDefault();
    if (!event.repeat) submit();
  };

  return (
    // The copy of the text in data-value gives the box its height, with no layout read.
    <div className="lk-composer-grow" data-value={text}>
      <textarea
        ref={field}
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
        enterKeyHint="send"
        dir="auto"
      />
    </div>
  );
}
