import Smile from 'lucide/dist/esm/icons/face-slightly-smiling.mjs';
import { useCallback, useState, type ReactNode } from 'react';
import { useChatContext } from '../../../ChatContext.ts';
import { ReactionPicker } from '../../messages/ReactionPicker.tsx';
import { AfterStyles } from '../../parts/AfterStyles.tsx';
import { IconButton } from '../../parts/IconButton.tsx';
import { useComposer } from '../ComposerContext.ts';

const NONE: readonly string[] = [];

/** Puts emoji into the text, where the cursor is. */
export function EmojiButton(): ReactNode {
  const { strings } = useChatContext('<MessageComposer>');
  const { insert, field, blocked } = useComposer();
  const [open, setOpen] = useState(false);
  const [button, setButton] = useState<HTMLButtonElement | null>(null);
  const close = useCallback(() => setOpen(false), []);
  if (blocked !== null) return null;
  return (
    <>
      <IconButton
        icon={Smile}
        size={18}
        label={strings.insertEmoji}
        buttonRef={setButton}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <AfterStyles onLoadError={close}>
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
        </AfterStyles>
      )}
    </>
  );
}
