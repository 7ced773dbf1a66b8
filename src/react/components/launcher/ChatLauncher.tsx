import ChevronDown from 'lucide/dist/esm/icons/chevron-down.mjs';
import MessageCircle from 'lucide/dist/esm/icons/message-circle.mjs';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { useUnreadCount } from '../../hooks/useUnread.ts';
import { numberIn } from '../../strings/forms.ts';
import { Root, useRoot } from '../parts/useRoot.tsx';
import { panelPart } from './lazy-parts.ts';
import type { ChatLauncherProps } from './types.ts';
import { useOpenState } from './useOpenState.ts';
import { Icon } from '../parts/Icon.tsx';

/** Beyond it the exact number helps nobody, and the badge would grow out of its bubble. */
const MOST_UNREAD = 99;

/**
 * A bubble in a corner of the page that opens the chat: over all of a phone's page, as a panel beside a larger one's. The window is
 * loaded when a pointer or the focus comes near the bubble. Escape closes it, and the focus comes back to the bubble. Place it
 * near the end of `<body>`: an element around it with `transform` or `overflow` would hold it. `data-open`, `data-placement`.
 */
export function ChatLauncher({
  placement = 'bottom-end',
  unread: givenUnread,
  open: givenOpen,
  onOpenChange,
  persist = true,
  className,
  ...panel
}: ChatLauncherProps): ReactNode {
  const { strings, url, userId, locale } = useChatContext('<ChatLauncher>');
  const root = useRoot('lk-launcher', className);
  const preload = panelPart.usePreload();
  const panelId = useId();
  const bubble = useRef<HTMLButtonElement>(null);
  const remembers = persist && givenOpen === undefined && userId !== null;
  const [own, setOwn] = useOpenState(remembers ? `latchkit:open:${url}:${userId}` : null);
  const open = givenOpen ?? own.open;
  const asked = givenUnread === undefined ? (panel.showThreads ? undefined : (panel.threadId ?? null)) : null;
  const counted = useUnreadCount(asked, '<ChatLauncher>', false);
  const unread = givenUnread ?? counted;
  const change = (next: boolean) => {
    if (givenOpen === undefined) setOwn(next);
    onOpenChange?.(next);
  };

  const wasOpen = useRef(open);
  useEffect(() => {
    if (wasOpen.current && !open && document.activeElement === document.body) bubble.current?.focus();
    wasOpen.current = open;
  }, [open]);

  const count = unread > MOST_UNREAD ? `${numberIn(locale, MOST_UNREAD)}+` : numberIn(locale, unread);
  const label = open ? strings.closeChat : strings.openChat;
  return (
    <div {...root} data-placement={placement} data-open={open}>
      <Root>
        <button
          ref={bubble}
          type="button"
          className="lk-bubble"
          aria-haspopup="dialog"
          aria-expanded={open}
          aria-controls={open ? panelId : undefined}
          aria-label={!open && unread > 0 ? `${label}, ${strings.unread(unread)}` : label}
          onClick={() => change(!open)}
          onPointerEnter={preload}
          onFocus={preload}
        >
          {open ? <Icon of={ChevronDown} size={24} /> : <Icon of={MessageCircle} size={24} />}
          {!open && unread > 0 && (
            <span className="lk-badge" aria-hidden="true">
              {count}
            </span>
          )}
        </button>
        {open && (
          <panelPart.Part
            {...panel}
            id={panelId}
            takesFocus={givenOpen !== undefined || own.byPerson}
            onClose={() => change(false)}
            onLoadError={() => change(false)}
          />
        )}
      </Root>
    </div>
  );
}
