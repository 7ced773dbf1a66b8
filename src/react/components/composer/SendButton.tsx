import ArrowUp from 'lucide/dist/esm/icons/arrow-up.mjs';
import Square from 'lucide/dist/esm/icons/square.mjs';
import type { ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { useAnswer } from '../../hooks/useAnswer.ts';
import { useComposer } from './ComposerContext.ts';
import { Icon } from '../parts/Icon.tsx';

/** Sends; while an answer grows and nothing is written, stops it. */
export function SendButton({ threadId }: { threadId: string }): ReactNode {
  const { strings } = useChatContext('<MessageComposer>');
  const { blocked, sendable } = useComposer();
  const { running, stop } = useAnswer(threadId);
  if (!running || sendable || blocked !== null) return <Send />;
  return (
    <button
      type="button"
      className="lk-send"
      aria-label={strings.answerStop}
      // What went wrong shows in the connection's own state; one presses again.
      onClick={() => void stop().catch(() => {})}
    >
      <Icon of={Square} size={14} />
    </button>
  );
}

function Send(): ReactNode {
  const { strings } = useChatContext('<MessageComposer>');
  const { blocked, sendable, note, noteId } = useComposer();
  return (
    <button
      type="submit"
      className="lk-send"
      // The cursor, and a phone's keyboard, stay with the text: one writes on.
      onMouseDown={(event) => event.preventDefault()}
      disabled={blocked !== null}
      aria-disabled={!sendable}
      aria-describedby={note === null ? undefined : noteId}
    >
      <Icon of={ArrowUp} size={18} />
      <span className="lk-send-label">{strings.send}</span>
    </button>
  );
}
