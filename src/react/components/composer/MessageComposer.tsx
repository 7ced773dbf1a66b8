import { forwardRef, useEffect, useImperativeHandle, useState, type FormEvent, type ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { useAttached } from '../../hooks/useAttached.ts';
import { useReadable } from '../../hooks/useReadable.ts';
import { placeOf } from '../../replying.ts';
import type { MessageComposerProps } from '../types.ts';
import { Root, useRoot } from '../parts/useRoot.tsx';
import { ComposerProvider, useComposer } from './ComposerContext.ts';
import { ComposerField } from './ComposerField.tsx';
import { attachPart, chipsPart, dictatePart, emojiPart, quotePart, suggestionsPart } from './lazy-parts.ts';
import { SendButton } from './SendButton.tsx';
import { useComposerModel } from './useComposerModel.ts';

/**
 * Where a message is written. Enter sends, Shift+Enter breaks the line, ArrowUp in an
 * empty one edits one's newest message. Offline it sends as ever, and the message waits.
 * `data-over` says that the text is too long, `data-waiting` that it goes out once its files are there, `data-disabled` that
 * nothing can be written.
 */
export const MessageComposer = /* @__PURE__ */ forwardRef<HTMLTextAreaElement, MessageComposerProps>(
  function MessageComposer(props, ref) {
    const { client } = useChatContext('<MessageComposer>');
    // Another thread or person has another draft.
    const place = placeOf(props.threadId, props.replyTo);
    const [identity, setIdentity] = useState({ client, place, key: 0 });
    if (identity.client !== client || identity.place !== place) {
      setIdentity({ client, place, key: identity.key + 1 });
    }
    return <Composer key={identity.key} {...props} forwardedRef={ref} />;
  },
);

type ComposerProps = MessageComposerProps & { forwardedRef: React.ForwardedRef<HTMLTextAreaElement> };

/** Rows from top to bottom: what goes out beside the text, the text, and the tools with what sends. */
function Composer({ forwardedRef, ...props }: ComposerProps): ReactNode {
  const model = useComposerModel(props);
  const { field } = model;
  useImperativeHandle(forwardedRef, () => field.current as HTMLTextAreaElement, [field]);
  const root = useRoot('lk-composer', props.className);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    model.submit();
  };
  return (
    <form
      {...root}
      onSubmit={onSubmit}
      data-over={model.over}
      data-waiting={model.waiting}
      data-disabled={model.blocked !== null}
    >
      <Root>
        <ComposerProvider value={model}>
          <div className="lk-composer-box">
            {model.answered && (
              <quotePart.Part message={model.answered} onCancel={model.cancelReply} onLoadError={model.cancelReply} />
            )}
            <ComposerExtras />
            <ComposerSuggestions />
            <ComposerField autoFocus={props.autoFocus ?? false} />
            <div className="lk-composer-foot">
              <ComposerTools />
              <SendButton threadId={props.threadId} />
            </div>
          </div>
          <ComposerNote />
        </ComposerProvider>
      </Root>
    </form>
  );
}

/** What goes out beside the text. */
function ComposerExtras(): ReactNode {
  const { place } = useComposer();
  const hasFiles = useAttached(place, (files) => files.length > 0);
  // Stays once it was needed: it tells what becomes of the last file, too.
  const [everHadFiles, setEverHadFiles] = useState(hasFiles);
  if (hasFiles && !everHadFiles) setEverHadFiles(true);
  return everHadFiles && <chipsPart.Part />;
}

/** What a message is written with. Each is loaded when the conversation has it. */
function ComposerTools(): ReactNode {
  const { client, composer } = useChatContext('<MessageComposer>');
  const { emoji = true, dictation = false } = composer;
  const takesFiles = useReadable(client?.uploads ?? null, null, null) !== null;
  // There before the first file is, so that nothing of it is missed.
  useEffect(() => {
    if (takesFiles) chipsPart.preload();
  }, [takesFiles]);
  return (
    <div className="lk-composer-tools">
      {takesFiles && <attachPart.Part />}
      {emoji && <emojiPart.Part />}
      {dictation && <dictatePart.Part />}
    </div>
  );
}

/** What begins a mention or a command. */
const BEGINS = /^\/|(?:^|[^\p{L}\p{N}])@/u;

/** Loaded with the first mark that it can help with, and there from then on. */
function ComposerSuggestions(): ReactNode {
  const { text, commands } = useComposer();
  const [wanted, setWanted] = useState(false);
  if (!wanted && BEGINS.test(text) && (commands.length > 0 || text.includes('@'))) setWanted(true);
  return wanted && <suggestionsPart.Part />;
}

function ComposerNote(): ReactNode {
  const { note, noteId, over, waiting, blocked } = useComposer();
  return (
    <p
      className="lk-composer-note"
      id={noteId}
      role={over ? 'alert' : waiting ? 'status' : undefined}
      data-shown={note !== null && blocked === null}
    >
      {note}
    </p>
  );
}
