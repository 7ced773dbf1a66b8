import Paperclip from 'lucide/dist/esm/icons/paperclip.mjs';
import { useRef, type ReactNode } from 'react';
import { useChatContext } from '../../../ChatContext.ts';
import { formatBytes } from '../../../format.ts';
import { useReadable } from '../../../hooks/useReadable.ts';
import { useComposer } from '../ComposerContext.ts';
import { attachFiles } from './attach.ts';
import { DropZone } from './DropZone.tsx';
import { IconButton } from '../../parts/IconButton.tsx';

/** Files from the device: by this button, by dropping them on the window, and by pasting them into the text. */
export function AttachButton(): ReactNode {
  const { client, strings, locale } = useChatContext('<MessageComposer>');
  const { threadId, place, field, blocked } = useComposer();
  const limits = useReadable(client?.uploads ?? null, null, null);
  const input = useRef<HTMLInputElement>(null);
  if (!client || !limits || blocked !== null) return null;

  const add = (files: Iterable<File>) => {
    attachFiles(client, threadId, files, place);
    field.current?.focus();
  };
  const hint = strings.attachLimit(formatBytes(limits.maxBytes, locale));
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={limits.types.includes('*/*') ? undefined : limits.types.join(',')}
        onChange={(event) => {
          add([...(event.target.files ?? [])]);
          event.target.value = ''; // so that the same file can be chosen again
        }}
      />
      <IconButton
        icon={Paperclip}
        size={18}
        label={strings.attachFiles}
        aria-description={hint}
        title={`${strings.attachFiles} (${hint})`}
        onClick={() => input.current?.click()}
      />
      <DropZone hint={hint} onFiles={add} />
    </>
  );
}
