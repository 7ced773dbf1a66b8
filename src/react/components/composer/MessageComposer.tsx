import ArrowUp from 'lucide-react/icons/arrow-up';
import { forwardRef, useId, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { ChatError, MAX_TEXT_LENGTH } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { keepDraft, readDraft } from '../../drafts.ts';
import { useChatConnection } from '../../hooks/useChatConnection.ts';
import { useMessageActions } from '../../hooks/useMessageActions.ts';
import { useSendMessage } from '../../hooks/useSendMessage.ts';
import { useThread } from '../../hooks/useThread.ts';
import { errorText } from '../../strings.ts';
import type { MessageComposerProps } from '../types.ts';
import { Root, useRoot } from '../parts/useRoot.tsx';

/** The count shows from this share of the limit on. */
const COUNT_FROM = 0.9;

/** What goes out: without empty lines around it; the first line keeps its indent. */
const trimmed = (text: string): string => text.replace(/^(?:[^\S\n]*\n)+/u, '').trimEnd();

/**
 * Where a message is written. Enter sends, Shift+Enter breaks the line, ArrowUp in an
 * empty one edits one's newest message. Offline it sends as ever, and the message waits.
 * `data-over` says that the text is too long, `data-disabled` that nothing can be written.
 */
export const MessageComposer = /* @__PURE__ */ forwardRef<HTMLTextAreaElement, MessageComposerProps>(
  function MessageComposer(props, ref) {
    const { client } = useChatContext('<MessageComposer>');
    // Another thread or person has another draft.
    const [identity, setIdentity] = useState({ client, threadId: props.threadId, key: 0 });
    if (identity.client !== client || identity.threadId !== props.threadId) {
      setIdentity({ client, threadId: props.threadId, key: identity.key + 1 });
    }
    return <Composer key={identity.key} {...props} forwardedRef={ref} />;
  },
);

type ComposerProps = MessageComposerProps & { forwardedRef: React.ForwardedRef<HTMLTextAreaElement> };

function Composer({ threadId, autoFocus = false, maxLength, className, forwardedRef }: ComposerProps) {
  const { client, strings } = useChatContext('<MessageComposer>');
  const { status, thread } = useThread(threadId);
  const send = useSendMessage(threadId);
  const { startEditLast } = useMessageActions(threadId);
  const root = useRoot('lk-composer', className);
  const noteId = useId();
  const [text, setText] = useState(() => readDraft(client, threadId));
  const [refusal, setRefusal] = useState<ChatError | null>(null);
  // What was typed last, ahead of the next render: a second Enter in the same moment finds it empty.
  const typed = useRef(text);

  const write = (next: string) => {
    typed.current = next;
    setText(next);
    setRefusal(null);
    keepDraft(client, threadId, next);
  };

  const max = Math.min(maxLength ?? MAX_TEXT_LENGTH, MAX_TEXT_LENGTH);
  const length = trimmed(text).length;
  const connection = useChatConnection();
  const signedOut = !client || (connection.status === 'closed' && connection.error === null);
  const blocked = signedOut
    ? strings.writeSignedOut
    : status === 'refused'
      ? strings.writeRefused
      : connection.status === 'closed'
        ? strings.connectionClosed
        : null;
  const title = thread ? thread.title || strings.threadUntitled : null;

  const submit = () => {
    const content = trimmed(typed.current);
    if (blocked !== null || content === '' || content.length > max) return;
    const before = typed.current;
    write('');
    try {
      send(content);
    } catch (thrown) {
      if (!ChatError.is(thrown)) throw thrown;
      write(before);
      setRefusal(thrown);
    }
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const plain = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
    if (event.key === 'ArrowUp' && plain && typed.current === '' && !event.nativeEvent.isComposing) {
      if (startEditLast()) event.preventDefault();
      return;
    }
    // 229: Safari ends a composition before the Enter that ended it arrives.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    if (!event.repeat) submit();
  };

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    submit();
  };

  const why = refusal && errorText(strings, refusal);
  const note =
    blocked ??
    (length > max
      ? strings.tooLong(length - max)
      : why
        ? `${why.what} ${why.remedy}`
        : length >= max * COUNT_FROM
          ? strings.characterCount(length, max)
          : null);
  const over = length > max || refusal !== null;

  return (
    <form {...root} onSubmit={onSubmit} data-over={over} data-disabled={blocked !== null}>
      <Root>
        <div className="lk-composer-box">
          {/* The copy of the text in data-value gives the box its height, with no layout read. */}
          <div className="lk-composer-grow" data-value={text}>
            <textarea
              ref={forwardedRef}
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
          <button
            type="submit"
            className="lk-send"
            // The cursor, and a phone's keyboard, stay with the text: one writes on.
            onMouseDown={(event) => event.preventDefault()}
            disabled={blocked !== null}
            aria-disabled={length === 0 || length > max}
            aria-describedby={note === null ? undefined : noteId}
          >
            <ArrowUp size={18} aria-hidden="true" />
            <span className="lk-send-label">{strings.send}</span>
          </button>
        </div>
        <p
          className="lk-composer-note"
          id={noteId}
          role={over ? 'alert' : undefined}
          data-shown={note !== null && blocked === null}
        >
          {note}
        </p>
      </Root>
    </form>
  );
}
