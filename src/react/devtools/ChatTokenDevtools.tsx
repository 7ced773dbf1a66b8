import { useId, useRef, useState, useSyncExternalStore, type KeyboardEvent, type ReactNode } from 'react';
import { useChatClient, type ChatTheme } from '../../index.ts';
import type { ChatClient } from '../../client/index.ts';
import { DevtoolsPanel } from './DevtoolsPanel.tsx';
import { statusTone } from './status-words.ts';
import { useStyles } from './useStyles.ts';
import { useTokenSnapshot } from './useWatched.ts';

export type DevtoolsPosition = 'bottom-left' | 'bottom-right' | 'top-left' | 'top-right';

export interface ChatTokenDevtoolsProps {
  /** The corner of the page. Default `bottom-left`: chats mostly sit at the right. */
  position?: DevtoolsPosition;
  /** Whether the panel is open at first. Default false. */
  initialIsOpen?: boolean;
  /** Default `system`: what the device asks for. */
  theme?: ChatTheme;
}

const NEVER = () => () => {};

/**
 * Shows the developer what the chat's token and connection are doing: state, life, timeline, and a report to copy. Never the token
 * itself. Put it inside `<ChatProvider>`, as its last child, in development only:
 *
 * ```tsx
 * {import.meta.env.DEV && <ChatTokenDevtools />}
 * ```
 *
 * It only watches: it asks for no token until somebody presses “Renew now”. Its styles need neither `latchkit/styles.css` nor an
 * exception in the page's Content-Security-Policy.
 */
export function ChatTokenDevtools({
  position = 'bottom-left',
  initialIsOpen = false,
  theme = 'system',
}: ChatTokenDevtoolsProps): ReactNode {
  const client = useChatClient();
  // Nothing in a server's HTML, and so nothing that could differ from it.
  const inBrowser = useSyncExternalStore(
    NEVER,
    () => true,
    () => false,
  );
  const [isOpen, setOpen] = useState(initialIsOpen);
  if (!inBrowser) return null;
  return <Corner {...{ client, position, theme, isOpen, setOpen }} />;
}

interface CornerProps {
  client: ChatClient | null;
  position: DevtoolsPosition;
  theme: ChatTheme;
  isOpen: boolean;
  setOpen: (isOpen: boolean) => void;
}

function Corner({ client, position, theme, isOpen, setOpen }: CornerProps): ReactNode {
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panelId = useId();
  const status = useTokenSnapshot(client, isOpen)?.status;
  useStyles(root);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !isOpen) return;
    event.stopPropagation();
    setOpen(false);
    button.current?.focus();
  };

  return (
    <div
      ref={root}
      className="lk-root lk-devtools"
      data-lk-theme={theme}
      data-position={position}
      onKeyDown={onKeyDown}
    >
      <button
        ref={button}
        type="button"
        className="lk-devtools-toggle"
        aria-expanded={isOpen}
        aria-controls={isOpen ? panelId : undefined}
        aria-label={`LatchKit devtools, token: ${status ?? 'signed out'}`}
        title={`Token: ${status ?? 'signed out'}`}
        onClick={() => setOpen(!isOpen)}
      >
        <span className="lk-devtools-dot" data-tone={status ? statusTone(status) : 'plain'} />
        LatchKit
      </button>
      {isOpen && (
        <section id={panelId} className="lk-devtools-panel" aria-label="LatchKit devtools">
          {client ? <DevtoolsPanel client={client} /> : <p className="lk-devtools-note">Nobody is signed in.</p>}
        </section>
      )}
    </div>
  );
}
