import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { NO_DRAFT, type Draft } from '../../../client/index.ts';
import { ChatError, MAX_MENTIONS, MAX_TEXT_LENGTH, mentionsIn } from '../../../protocol/index.ts';
import { attachedTo, filesSent, partsOf, statusOf } from '../../attached.ts';
import { useChatContext } from '../../ChatContext.ts';
import type { ChatCommand } from '../../composer-options.ts';
import { useAttached } from '../../hooks/useAttached.ts';
import { useIsHydrating } from '../../hooks/useIsHydrating.ts';
import { useLatest } from '../../hooks/useLatest.ts';
import { useTypingNotice } from '../../hooks/useTyping.ts';
import { useSendMessage } from '../../hooks/useSendMessage.ts';
import { placeOf } from '../../replying.ts';
import { errorText } from '../../strings.ts';
import type { MessageComposerProps } from '../types.ts';
import type { ComposerModel, OpenList } from './ComposerContext.ts';
import { useBlocked } from './useBlocked.ts';
import { useComposerReply } from './useComposerReply.ts';

/** The count shows from this share of the limit on. */
const COUNT_FROM = 0.9;

/** What goes out: without empty lines around it; the first line keeps its indent. */
const trimmed = (text: string): string => text.replace(/^(?:[^\S\n]*\n)+/u, '').trimEnd();

const NO_COMMANDS: readonly ChatCommand[] = [];

/** A composer's state: what is written, whether it can be sent, and what stands against it. */
export function useComposerModel({ threadId, maxLength: ownMax, replyTo }: MessageComposerProps): ComposerModel {
  const { client, strings, composer } = useChatContext('<MessageComposer>');
  const send = useSendMessage(threadId);
  const blocked = useBlocked(threadId);
  const noteId = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [answered, cancelReply] = useComposerReply(threadId, replyTo ?? null, field);
  const place = placeOf(threadId, replyTo);
  // What is on the device is not in a server's markup: it comes with the render after that was taken over.
  const hydrating = useIsHydrating();
  const kept = useMemo(() => (client && !hydrating ? client.drafts.read(place) : NO_DRAFT), [client, hydrating, place]);
  const [written, setWritten] = useState<Draft | null>(null);
  const { text } = written ?? kept;
  const { commands = NO_COMMANDS } = composer;
  const maxLength = ownMax ?? composer.maxLength;
  const [list, setList] = useState<OpenList | null>(null);
  const [refusal, setRefusal] = useState<ChatError | null>(null);
  const files = useAttached(place, statusOf);
  // Sent by the person while files were still on their way: it goes out when they are there.
  const [waiting, setWaiting] = useState(false);
  // What was typed last, ahead of the next render: a second Enter in the same moment finds it empty.
  const typed = useRef<Draft | null>(null);
  const current = () => typed.current ?? kept;

  const keep = (draft: Draft) => {
    typed.current = draft;
    setWritten(draft);
    setRefusal(null);
    setWaiting(false);
    client?.drafts.keep(place, draft);
  };
  const { notify } = useTypingNotice(threadId);
  const write = (next: string) => {
    keep({ text: next, mentions: next === '' ? [] : current().mentions });
    // A command is for oneself.
    notify(next.trim() !== '' && !next.startsWith('/'));
  };

  const insert: ComposerModel['insert'] = (added, range) => {
    const box = field.current;
    if (!box) return write(current().text + added);
    box.focus();
    box.setRangeText(added, range?.from ?? box.selectionStart, range?.to ?? box.selectionEnd, 'end');
    box.dispatchEvent(new Event('input', { bubbles: true })); // React hears of it as of a key
  };

  const complete: ComposerModel['complete'] = (range, completion) => {
    if ('command' in completion) {
      const { name, argument } = completion.command;
      if (argument !== undefined) return insert(`/${name} `, range);
      return run(completion.command, '');
    }
    const { user, labelFor } = completion;
    const { mentions } = current();
    const label = labelFor(user, mentions);
    insert(`@${label} `, range);
    const others = mentions.filter((each) => each.label !== label);
    keep({ text: current().text, mentions: [...others, { userId: user.id, label }].slice(-MAX_MENTIONS) });
  };

  const run = (command: ChatCommand, argument: string) => {
    if (!client) return;
    // Out of the field too: what the command inserts goes where it stood.
    insert('', { from: 0, to: field.current?.value.length ?? 0 });
    write('');
    command.run({ threadId, argument, client, insert: (added) => insert(added), send: (content) => send(content) });
  };

  const max = Math.min(maxLength ?? MAX_TEXT_LENGTH, MAX_TEXT_LENGTH);
  const length = trimmed(text).length;

  const submit = () => {
    const { text: raw, mentions } = current();
    const content = trimmed(raw);
    if (!client || blocked !== null || content.length > max) return;
    const attached = attachedTo(client, place).get();
    const status = statusOf(attached);
    if (status === 'none' && content === '') return;
    setWaiting(status === 'running');
    if (status === 'running' || status === 'failed') return;
    const [, name, argument = ''] = /^\/(\S+)(?:\s+([\s\S]*))?$/u.exec(content) ?? [];
    const command = commands.find((each) => each.name === name);
    if (command) return run(command, argument);
    const before = current();
    write('');
    try {
      const named = mentionsIn(content, mentions);
      const text = { type: 'text' as const, text: content, ...(named.length > 0 && { mentions: named }) };
      const id = send([...(content === '' ? [] : [text]), ...partsOf(attached)], {
        replyTo: answered?.id ?? replyTo,
      });
      if (status === 'ready') filesSent(client, place, id);
      if (answered) cancelReply();
    } catch (thrown) {
      if (!ChatError.is(thrown)) throw thrown;
      keep(before);
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
    commands,
    list,
    suggest: setList,
    complete,
    submit,
    blocked,
    sendable: (length > 0 || files !== 'none') && length <= max && files !== 'failed' && !waiting,
    waiting,
    note,
    noteId,
    over: length > max || refusal !== null,
  };
}
