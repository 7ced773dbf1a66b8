import ArrowUp from 'lucide/dist/esm/icons/arrow-up.mjs';
import type { ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { useComposer } from './ComposerContext.ts';
import { Icon } from '../parts/Icon.tsx';

export function SendButton(): ReactNode {
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
