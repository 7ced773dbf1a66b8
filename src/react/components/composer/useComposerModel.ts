import { useEffect, useId, useRef, useState } from 'react';
import { ChatError, MAX_TEXT_LENGTH } from '../../../protocol/index.ts';
import { attachedTo, filesSent, partsOf, statusOf } from '../../attached.ts';
import { useChatContext } from '../../ChatContext.ts';
import { keepDraft, readDraft } from '../../drafts.ts';
import { useAttached } from '../../hooks/useAttached.ts';
import { useLatest } from '../../hooks/useLatest.ts';
import { useSendMessage } from '../../hooks/useSendMessage.ts';
import { placeOf } from '../../replying.ts';
import { errorText } from '../../strings.ts';
import type { MessageComposerProps } from '../types.ts';
import type { ComposerModel } from './ComposerContext.ts';
import { useBlocked } from './useBlocked.ts';
import { useComposerReply } from './useComposerReply.ts';

/** The count shows from this share of the limit on. */
const COUNT_FROM = 0.9;

/** What goes out: without empty lines around it; the first line keeps its indent. */
const trimmed = (text: string): string => text.replace(/^(?:[^\S\n]*\n)+/u, '').trimEnd();

/** A composer's state: what is written, whether it can be sent, and what stands against it. */
export function useComposerModel({ threadId, maxLength, replyTo }: MessageComposerProps): ComposerModel {
  const { client, strings } = useChatContext('<MessageComposer>');
  const send = useSendMessage(threadId);
  const blocked = useBlocked(threadId);
  const noteId = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [answered, cancelReply] = useComposerReply(threadId, replyTo ?? null, field);
  const place = placeOf(threadId, replyTo);
  const [text, setText] = useState(() => readDraft(client, place));
  const [refusal, setRefusal] = useState<ChatError | null>(null);
  const files = useAttached(place, statusOf);
  // Sent by the person while files were still on their way: it goes out when they are there.
  const [waiting, setWaiting] = useState(false);
  // What was typed last, ahead of the next render: a second Enter in the same moment finds it empty.
  const typed = useRef(text);

  const write = (next: string) => {
    typed.current = next;
    setText(next);
    setRefusal(null);
    setWaiting(false);
    keepDraft(client, place, next);
  };

  const insert: ComposerModel['insert'] = (added, range) => {
    const box = field.current;
    if (!box) return write(typed.current + added);
    box.focus();
    box.setRangeText(added, range?.from ?? box.selectionStart, range?.to ?? box.selectionEnd, 'end');
    box.dispatchEvent(new Event('input', { bubbles: true })); // React hears of it as of a key
  };

  const max = Math.min(maxLength ?? MAX_TEXT_LENGTH, MAX_TEXT_LENGTH);
  const length = trimmed(text).length;

  const submit = () => {
    const content = trimmed(typed.current);
    if (!client || blocked !== null || content.length > max) return;
    const attached = attachedTo(client, place).get();
    const status = statusOf(attached);
    if (status === 'none' && content === '') return;
    setWaiting(status === 'running');
    if (status === 'running' || status === 'failed') return;
    const before = typed.current;
    write('');
    try {
      const text = content === '' ? [] : [{ type: 'text' as const, text: content }];
      const id = send(status === 'none' ? content : [...text, ...partsOf(attached)], {
        replyTo: answered?.id ?? replyTo,
      });
      if (status === 'ready') filesSent(client, place, id);
      if (answered) cancelReply();
    } catch (thrown) {
      if (!ChatError.is(thrown)) throw thrown;
      write(before);
      setRefusal(thrown);
    }
  };

  const latestSubmit = useLatest(submit);
  const due = waiting && files !== 'running';
  useEffect(() => {
    if (due) latestSubmit.current();
  }, [due, latestSubmit]);

  const why = refusal && errorText(strings, refusal);
  const note =
    blocked ??
    (length > max
      ? strings.tooLong(length - max)
      : why
        ? `${why.what} ${why.remedy}`
        : files === 'failed'
          ? strings.sendNeedsFiles
          : waiting
            ? strings.sendWaits
            : length >= max * COUNT_FROM
              ? strings.characterCount(length, max)
              : null);

  return {
    threadId,
    place,
    replyTo: replyTo ?? null,
    answered,
    cancelReply,
    text,
    field,
    write,
    insert,
    submit,
    blocked,
    sendable: (length > 0 || files !== 'none') && length <= max && files !== 'failed' && !waiting,
    waiting,
    note,
    noteId,
    over: length > max || refusal !== null,
  };
}
