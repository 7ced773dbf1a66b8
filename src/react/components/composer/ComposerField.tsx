import type { KeyboardEvent, ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { useMessageActions } from '../../hooks/useMessageActions.ts';
import { useThread } from '../../hooks/useThread.ts';
import { useComposer } from './ComposerContext.ts';

/** Where the text is written. It grows with it, up to a share of the window, and scrolls from there on. */
export function ComposerField({ autoFocus }: { autoFocus: boolean }): ReactNode {
  const { strings } = useChatContext('<MessageComposer>');
  const { threadId, text, field, write, submit, blocked, note, noteId, over } = useComposer();
  const { thread } = useThread(threadId);
  const { startEditLast } = useMessageActions(threadId);
  const title = thread ? thread.title || strings.threadUntitled : null;

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const plain = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
    if (event.key === 'ArrowUp' && plain && event.currentTarget.value === '' && !event.nativeEvent.isComposing) {
      if (startEditLast()) event.preventDefault();
      return;
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
        placeholder={blocked ?? strings.composerPlaceholder(title)}
        aria-label={strings.composerLabel(title)}
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
