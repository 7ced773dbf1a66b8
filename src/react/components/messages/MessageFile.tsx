import File from 'lucide/dist/esm/icons/file.mjs';
import type { MouseEvent, ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { formatBytes } from '../../format.ts';
import { useFileLink, type FileLink } from '../../hooks/useFileLink.ts';
import type { MessageFileProps } from '../types.ts';
import { Icon } from '../parts/Icon.tsx';

/** Largest picture or film, in CSS pixels. */
const MAX_WIDTH = 400;
const MAX_HEIGHT = 320;
/** What is shown in the page as a picture: nothing that can hold a script of its own. */
const PICTURE = /^image\/(?:png|jpeg|gif|webp|avif|bmp)$/;

/** The place that a picture will take: known before it is loaded, so that nothing moves when it is. */
function boxOf(width: number | null, height: number | null): { width: number; aspectRatio: string } {
  const [w, h] = width !== null && height !== null ? [width, height] : [4, 3];
  const scale = Math.min(MAX_WIDTH / w, MAX_HEIGHT / h, width === null ? Infinity : 1);
  return { width: Math.max(48, Math.round(w * scale)), aspectRatio: `${w} / ${h}` };
}

/** Follows a link whose time is over once the next one is there. */
function whenFresh(link: FileLink) {
  return (event: MouseEvent<HTMLAnchorElement>) => {
    const anchor = event.currentTarget;
    if (!event.isTrusted && anchor.dataset['fresh'] === 'true') return;
    event.preventDefault();
    link.fresh().then(
      (url) => {
        anchor.href = url;
        anchor.dataset['fresh'] = 'true';
        anchor.click();
        delete anchor.dataset['fresh'];
      },
      () => link.onError(),
    );
  };
}

/**
 * One file of a message: a picture, a film or a sound in its own place, anything else as a card to download. `data-kind` (`image`,
 * `video`, `audio`, `file`) says which, `data-failed` that its link is refused.
 */
export function MessageFile({ part, threadId, className }: MessageFileProps): ReactNode {
  const { strings } = useChatContext('<MessageFile>');
  const link = useFileLink(part, threadId);
  const { mediaType, filename, width, height } = part;
  const src = link.url ?? undefined;
  const name = ['lk-file', className].filter(Boolean).join(' ');
  if (link.failed) return <FileCard part={part} link={link} className={name} />;
  if (PICTURE.test(mediaType)) {
    return (
      <a
        className={name}
        data-kind="image"
        href={src}
        target="_blank"
        rel="noopener noreferrer"
        aria-label={strings.openPicture(filename)}
        onClick={whenFresh(link)}
        style={boxOf(width, height)}
      >
        {src && <img src={src} alt={filename} loading="lazy" decoding="async" onError={link.onError} />}
      </a>
    );
  }
  if (mediaType.startsWith('video/')) {
    return (
      <video
        className={name}
        data-kind="video"
        src={src}
        controls
        preload="metadata"
        playsInline
        aria-label={filename}
        onError={link.onError}
        style={width === null ? { width: MAX_WIDTH, aspectRatio: '16 / 9' } : boxOf(width, height)}
      />
    );
  }
  if (mediaType.startsWith('audio/')) {
    return (
      <audio
        className={name}
        data-kind="audio"
        src={src}
        controls
        preload="metadata"
        aria-label={filename}
        onError={link.onError}
      />
    );
  }
  return <FileCard part={part} link={link} className={name} />;
}

function FileCard({
  part,
  link,
  className,
}: Pick<MessageFileProps, 'part'> & { link: FileLink; className: string }): ReactNode {
  const { strings, locale } = useChatContext('<MessageFile>');
  // Not every far side says it.
  const size = part.size > 0 ? formatBytes(part.size, locale) : '';
  return (
    <a
      className={className}
      data-kind="file"
      data-failed={link.failed}
      href={link.url ?? '#'}
      download={part.filename}
      target="_blank"
      rel="noopener noreferrer"
      title={size === '' ? part.filename : strings.downloadFile(part.filename, size)}
      onClick={whenFresh(link)}
    >
      <Icon of={File} size={20} />
      <span className="lk-file-words">
        <bdi className="lk-file-name">{part.filename}</bdi>{' '}
        <span className="lk-file-size">{link.failed ? strings.fileUnavailable : size}</span>
      </span>
    </a>
  );
}
