import Smile from 'lucide/dist/esm/icons/face-slightly-smiling.mjs';
import { useState, type ReactNode } from 'react';
import { useChatContext } from '../../../ChatContext.ts';
import { ReactionPicker } from '../../messages/ReactionPicker.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { useComposer } from '../ComposerContext.ts';

const NONE: readonly string[] = [];

/** Puts emoji into the text, where the cursor is. */
export function EmojiButton(): ReactNode {
  const { strings } = useChatContext('<MessageComposer>');
  const { insert, field, blocked } = useComposer();
  const [open, setOpen] = useState(false);
  const [button, setButton] = useState<HTMLButtonElement | null>(null);
  if (blocked !== null) return null;
  return (
    <>
      <button
        ref={setButton}
        type="button"
        className="lk-icon-button"
        aria-label={strings.insertEmoji}
        title={strings.insertEmoji}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon of={Smile} size={18} />
      </button>
      {open && (
        <ReactionPicker
          anchor={button}
          label={strings.insertEmoji}
          given={NONE}
          onPick={(emoji) => {
            setOpen(false);
            insert(emoji);
          }}
          onClose={(back) => {
            setOpen(false);
            if (back) field.current?.focus();
          }}
        />
      )}
    </>
  );
}
