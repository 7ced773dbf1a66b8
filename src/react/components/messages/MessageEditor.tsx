import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { MessageEntry } from '../../../client/index.ts';
import { ChatError, MAX_TEXT_LENGTH, mentionsIn, mentionsOf, textOf } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { answerTo, editAndAsk } from '../../ask-again.ts';
import { keepDraft, readDraft } from '../../drafts.ts';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';
import { useMessageActions } from '../../hooks/useMessageActions.ts';
import { errorText } from '../../strings.ts';

export interface MessageEditorProps {
  entry: MessageEntry;
  /** Saved, or given up. */
  onDone: () => void;
}

/** Of a refused edit, its words: they are nowhere else. */
function textToEdit({ message, change }: MessageEntry): string {
  return change?.type === 'edit' && change.status === 'failed' && change.parts
    ? textOf(change.parts)
    : textOf(message.parts);
}

/** A message’s text, to be changed in its place. Enter saves, Shift+Enter breaks the line, Escape gives it up. */
export function MessageEditor({ entry, onDone }: MessageEditorProps): ReactNode {
  const { client, strings } = useChatContext('<MessageItem>');
  const { message } = entry;
  const { edit } = useMessageActions(message.threadId);
  // Kept as a draft is: a row that is scrolled away loses no words.
  const draftKey = `edit:${message.id}`;
  const before = textToEdit(entry);
  const [text, setText] = useState(() => readDraft(client, draftKey) || before);
  const [refusal, setRefusal] = useState<ChatError | null>(null);
  const noteId = useId();
  const box = useRef<HTMLTextAreaElement>(null);

  useIsomorphicLayoutEffect(() => {
    const element = box.current;
    element?.focus();
    element?.setSelectionRange(element.value.length, element.value.length);
  }, []);

  const write = (next: string) => {
    setText(next);
    setRefusal(null);
    keepDraft(client, draftKey, next === before ? '' : next);
  };
  const done = () => {
    keepDraft(client, draftKey, '');
    onDone();
  };

  const content = text.trim();
  const files = message.parts.filter((part) => part.type === 'file');
  const mentions = mentionsIn(content, mentionsOf(message.parts));
  const empty = content === '' && files.length === 0;
  const excess = Math.max(0, content.length - MAX_TEXT_LENGTH);
  const [tried, setTried] = useState(false);
  const thread = client?.thread(message.threadId);
  // Its answer may be the only one that depends on it: then one may want both to change.
  const isAssisted = (thread?.get().thread?.handover?.state ?? 'assistant') === 'assistant';
  const mayAsk =
    isAssisted &&
    client?.can('retryAnswer') === true &&
    thread &&
    answerTo(thread.get().entries.messages, message.id) !== null;

  const save = (andAsk = false) => {
    setTried(true);
    if (empty || excess > 0) return;
    // What was refused is asked for again, also unchanged.
    if (content !== textOf(message.parts) || entry.change?.status === 'failed') {
      const parts =
        files.length === 0 && mentions.length === 0
          ? content
          : [...(content === '' ? [] : [{ type: 'text' as const, text: content, mentions }]), ...files];
      const saveIt = () => edit(message.id, parts);
      try {
        if (andAsk && thread) editAndAsk(thread, message.id, saveIt);
        else saveIt();
      } catch (thrown) {
        if (!ChatError.is(thrown)) throw thrown;
        setRefusal(thrown);
        return;
      }
    }
    done();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    event.stopPropagation(); // The list moves by the same keys.
    // 229: Safari ends a composition before the key that ended it arrives.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      done();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      if (!event.repeat) save();
    }
  };

  const why = refusal
    ? errorText(strings, refusal)
    : tried && empty
      ? errorText(strings, new ChatError('message_empty', 'The edited text is empty.'))
      : null;
  const problem = excess > 0 ? strings.tooLong(excess) : why && `${why.what} ${why.remedy}`;
  return (
    <div className="lk-editor" data-invalid={problem !== null}>
      <div className="lk-composer-grow" data-value={text}>
        <textarea
          ref={box}
          className="lk-composer-text"
          rows={1}
          value={text}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
          aria-label={strings.editLabel}
          aria-describedby={noteId}
          aria-invalid={problem !== null || undefined}
          enterKeyHint="done"
          dir="auto"
        />
      </div>
      <div className="lk-editor-foot">
        <p className="lk-editor-note" id={noteId} role={problem === null ? undefined : 'alert'}>
          {problem ?? strings.editHint}
        </p>
        <button type="button" className="lk-link" onClick={done}>
          {strings.cancel}
        </button>
        {mayAsk && (
          <button type="button" className="lk-link" onClick={() => save(true)} aria-disabled={empty || excess > 0}>
            {strings.editAndAsk}
          </button>
        )}
        <button
          type="button"
          className="lk-link"
          data-primary="true"
          onClick={() => save()}
          aria-disabled={empty || excess > 0}
        >
          {strings.save}
        </button>
      </div>
    </div>
  );
}
