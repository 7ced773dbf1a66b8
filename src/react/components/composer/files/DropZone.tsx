import Upload from 'lucide/dist/esm/icons/upload.mjs';
import { useEffect, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useChatContext } from '../../../ChatContext.ts';
import { useLatest } from '../../../hooks/useLatest.ts';
import { useComposer } from '../ComposerContext.ts';
import { AfterStyles } from '../../parts/AfterStyles.tsx';
import { Icon } from '../../parts/Icon.tsx';

export interface DropZoneProps {
  hint: string;
  onFiles: (files: File[]) => void;
}

const holdsFiles = (transfer: DataTransfer | null): transfer is DataTransfer =>
  transfer !== null && [...transfer.types].includes('Files');

/** Takes files that are dropped anywhere on the window around the composer, and those that are pasted into its text. */
export function DropZone({ hint, onFiles }: DropZoneProps): ReactNode {
  const { strings } = useChatContext('<MessageComposer>');
  const { field } = useComposer();
  const latestOnFiles = useLatest(onFiles);
  const [over, setOver] = useState<Element | null>(null);

  useEffect(() => {
    const box = field.current;
    const zone = box?.closest<HTMLElement>('.lk-window') ?? box?.closest<HTMLElement>('.lk-composer');
    if (!box || !zone) return undefined;
    const listening = new AbortController();
    const { signal } = listening;
    // Each element within that the pointer comes over says so: only the last one that it leaves is the zone's edge.
    let depth = 0;
    const leave = () => {
      depth = 0;
      setOver(null);
    };
    zone.addEventListener(
      'dragenter',
      (event) => {
        if (!holdsFiles(event.dataTransfer)) return;
        event.preventDefault();
        depth += 1;
        setOver(zone);
      },
      { signal },
    );
    zone.addEventListener(
      'dragover',
      (event) => {
        if (!holdsFiles(event.dataTransfer)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
      },
      { signal },
    );
    zone.addEventListener(
      'dragleave',
      () => {
        depth -= 1;
        if (depth <= 0) leave();
      },
      { signal },
    );
    zone.addEventListener(
      'drop',
      (event) => {
        if (!holdsFiles(event.dataTransfer)) return;
        event.preventDefault();
        leave();
        latestOnFiles.current([...event.dataTransfer.files]);
      },
      { signal },
    );
    box.addEventListener(
      'paste',
      (event) => {
        const { clipboardData } = event;
        // What a table or a document puts there as a picture too is meant as text.
        if (!clipboardData || clipboardData.files.length === 0 || clipboardData.getData('text/plain') !== '') return;
        event.preventDefault();
        latestOnFiles.current([...clipboardData.files]);
      },
      { signal },
    );
    return () => listening.abort();
  }, [field, latestOnFiles]);

  if (!over) return null;
  return createPortal(
    <AfterStyles>
      <div className="lk-drop" aria-hidden="true">
        <div className="lk-drop-words">
          <Icon of={Upload} size={28} />
          <strong>{strings.dropFiles}</strong>
          <span>{hint}</span>
        </div>
      </div>
    </AfterStyles>,
    over,
  );
}
