import { forwardRef, useImperativeHandle, useState, type FormEvent, type ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import type { MessageComposerProps } from '../types.ts';
import { Root, useRoot } from '../parts/useRoot.tsx';
import { ComposerProvider, useComposer } from './ComposerContext.ts';
import { ComposerField } from './ComposerField.tsx';
import { SendButton } from './SendButton.tsx';
import { useComposerModel } from './useComposerModel.ts';

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
    <form {...root} onSubmit={onSubmit} data-over={model.over} data-disabled={model.blocked !== null}>
      <Root>
        <ComposerProvider value={model}>
          <div className="lk-composer-box">
            <ComposerField autoFocus={props.autoFocus ?? false} />
            <div className="lk-composer-foot">
              <SendButton />
            </div>
          </div>
          <ComposerNote />
        </ComposerProvider>
      </Root>
    </form>
  );
}

function ComposerNote(): ReactNode {
  const { note, noteId, over, blocked } = useComposer();
  return (
    <p
      className="lk-composer-note"
      id={noteId}
      role={over ? 'alert' : undefined}
      data-shown={note !== null && blocked === null}
    >
      {note}
    </p>
  );
}
