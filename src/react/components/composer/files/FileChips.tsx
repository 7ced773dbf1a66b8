import File from 'lucide/dist/esm/icons/file.mjs';
import RotateCw from 'lucide/dist/esm/icons/rotate-cw.mjs';
import X from 'lucide/dist/esm/icons/x.mjs';
import { useRef, useState, type ReactNode } from 'react';
import type { AttachedFile } from '../../../attached.ts';
import { useChatContext } from '../../../ChatContext.ts';
import { formatBytes } from '../../../format.ts';
import { useAttached } from '../../../hooks/useAttached.ts';
import { useComposer } from '../ComposerContext.ts';
import { detachFile } from './attach.ts';
import { problemOf } from './problem.ts';
import { useFileNews } from './useFileNews.ts';
import { Icon } from '../../parts/Icon.tsx';

const PICTURE = /^image\/(?:png|jpeg|gif|webp|avif|bmp)$/;

/** The files that go out with the next message, each with how far it is, and what can be done about it. */
export function FileChips(): ReactNode {
  const { client, strings } = useChatContext('<MessageComposer>');
  const { place, field } = useComposer();
  const files = useAttached(place, (all) => all);
  const news = useFileNews(files);
  const list = useRef<HTMLUListElement>(null);

  const remove = (id: string) => {
    if (!client) return;
    // The focus goes on to the next one's button, and after the last one back to the text.
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>('[data-remove]') ?? [])];
    const at = buttons.findIndex((button) => button.dataset['remove'] === id);
    (buttons[at + 1] ?? buttons[at - 1] ?? field.current)?.focus();
    detachFile(client, place, id);
  };

  return (
    <>
      {files.length > 0 && (
        <ul ref={list} className="lk-chips" aria-label={strings.filesLabel}>
          {files.map((file) => (
            <FileChip key={file.id} attached={file} onRemove={() => remove(file.id)} />
          ))}
        </ul>
      )}
      <span className="lk-hidden" role="status">
        {news}
      </span>
    </>
  );
}

function FileChip({ attached, onRemove }: { attached: AttachedFile; onRemove: () => void }): ReactNode {
  const { client, strings, locale } = useChatContext('<MessageComposer>');
  const { id, file, url, state, upload } = attached;
  const [broken, setBroken] = useState(false);
  const { status, loaded, total, error } = state;
  const problem = status === 'failed' ? problemOf(attached, strings, client?.uploads.get() ?? null, locale) : null;
  const words = {
    waiting: strings.fileWaiting,
    paused: strings.filePaused,
    processing: strings.fileChecking,
  };
  const share = total === 0 ? 0 : loaded / total;
  return (
    <li className="lk-chip" data-status={status}>
      {PICTURE.test(file.type) && !broken ? (
        <img className="lk-chip-picture" src={url} alt="" onError={() => setBroken(true)} />
      ) : (
        <span className="lk-chip-picture">
          <Icon of={File} size={18} />
        </span>
      )}
      <span className="lk-chip-words">
        <bdi className="lk-chip-name">{file.name}</bdi>
        <span className="lk-chip-state">
          {problem ?? words[status as keyof typeof words] ?? formatBytes(file.size, locale)}
        </span>
      </span>
      {status !== 'done' && status !== 'failed' && (
        <progress
          className="lk-chip-progress"
          aria-label={strings.fileProgress(file.name)}
          max={100}
          value={Math.round(share * 100)}
        />
      )}
      {status === 'failed' && upload && error?.retryable !== false && (
        <button
          type="button"
          className="lk-chip-button"
          aria-label={strings.fileRetry(file.name)}
          onClick={() => upload.retry()}
        >
          <Icon of={RotateCw} size={15} />
        </button>
      )}
      <button
        type="button"
        className="lk-chip-button"
        data-remove={id}
        aria-label={strings.fileRemove(file.name)}
        onClick={onRemove}
      >
        <Icon of={X} size={15} />
      </button>
    </li>
  );
}
