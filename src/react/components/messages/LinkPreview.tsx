import X from 'lucide/dist/esm/icons/x.mjs';
import { useState, type CSSProperties, type ReactNode } from 'react';
import type { FilePart } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useFileLink } from '../../hooks/useFileLink.ts';
import { allowedLink, DEFAULT_LINK_POLICY } from '../../markdown/link-policy.ts';
import { IconButton } from '../parts/IconButton.tsx';
import { classes } from '../parts/classes.ts';
import type { LinkPreviewProps } from '../types.ts';

/** A picture that is as wide as the card or more, and no portrait, stands across it; any other beside the words. */
const MIN_BANNER_WIDTH = 400;
const MIN_BANNER_RATIO = 1.3;
/** Flatter ones would be a line, steeper ones a page. */
const MAX_BANNER_RATIO = 3;

function isBanner({ width, height }: FilePart): boolean {
  return width !== null && height !== null && width >= MIN_BANNER_WIDTH && width / height >= MIN_BANNER_RATIO;
}

/**
 * What a page behind a link of a message says of itself: one link, with the site, its host, a title, a description and a picture whose place
 * is kept before it is loaded. `data-image` says where the picture stands: `banner`, `thumb`, or absent; `data-removing` that its author
 * takes it out.
 */
export function LinkPreview({ preview, threadId, onRemove, className }: LinkPreviewProps): ReactNode {
  const { strings, links } = useChatContext('<LinkPreview>');
  const [removing, setRemoving] = useState(false);
  const { url, host, siteName, title, description, image } = preview;
  const href = allowedLink(url, { ...DEFAULT_LINK_POLICY, ...links });
  const Card = href === null ? 'div' : 'a';
  const link = href === null ? {} : { href, target: '_blank', rel: 'noopener noreferrer nofollow' };
  const remove = () => {
    setRemoving(true);
    // It goes with the message's next state; refused, it stays.
    onRemove?.(url).catch(() => setRemoving(false));
  };
  return (
    <div
      className={classes('lk-preview', className)}
      data-image={image && (isBanner(image) ? 'banner' : 'thumb')}
      data-removing={removing}
    >
      <Card className="lk-preview-card" {...link}>
        {image && <PreviewImage part={image} threadId={threadId} />}
        <span className="lk-preview-words">
          <span className="lk-preview-site">
            <span className="lk-preview-host">
              <bdi dir="ltr">{host}</bdi>
            </span>{' '}
            {siteName !== null && siteName.toLowerCase() !== host && (
              <span className="lk-preview-name">
                <span aria-hidden="true"> · </span>
                <bdi>{siteName}</bdi>
              </span>
            )}
          </span>{' '}
          <span className="lk-preview-title" dir="auto">
            {title}
          </span>{' '}
          {description !== null && (
            <span className="lk-preview-description" dir="auto">
              {description}
            </span>
          )}
        </span>
      </Card>
      {onRemove && !removing && (
        <IconButton
          icon={X}
          size={14}
          label={strings.removePreview(host)}
          className="lk-preview-remove"
          onClick={remove}
        />
      )}
    </div>
  );
}

/** An ornament: what it shows is said beside it. One that cannot be loaded leaves its place empty, so that nothing moves. */
function PreviewImage({ part, threadId }: { part: FilePart; threadId: string }): ReactNode {
  const { url, onError } = useFileLink(part, threadId);
  const ratio = Math.min((part.width ?? 1) / (part.height ?? 1), MAX_BANNER_RATIO);
  return (
    <span className="lk-preview-image" style={{ '--lk-ratio': ratio } as CSSProperties}>
      {url !== null && (
        <img
          src={url}
          alt=""
          width={part.width ?? undefined}
          height={part.height ?? undefined}
          loading="lazy"
          decoding="async"
          referrerPolicy="no-referrer"
          onError={onError}
        />
      )}
    </span>
  );
}
