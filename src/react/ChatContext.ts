import type { QueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import type { ChatClient } from '../client/index.ts';
import { ChatError } from '../protocol/index.ts';
import type { ComposerOptions } from './composer-options.ts';
import type { MessageTarget } from './message-links.ts';
import type { ChatComponents, PartRenderers } from './components/types.ts';
import type { LinkPolicy } from './markdown/link-policy.ts';
import type { ChatStrings } from './strings.ts';

/** `system` follows the device. */
export type ChatTheme = 'light' | 'dark' | 'system';

/** How much room messages and conversations take. */
export type ChatDensity = 'comfortable' | 'compact';

/** Class names of the app's own for parts of the kit, wherever they stand. */
export type ChatClassNames = Partial<
  Record<
    | 'window'
    | 'threads'
    | 'header'
    | 'connection'
    | 'list'
    | 'message'
    | 'event'
    | 'replies'
    | 'pins'
    | 'handover'
    | 'inbox'
    | 'typing'
    | 'composer'
    | 'launcher',
    string
  >
>;

export interface ChatContextValue {
  /** Null while signed out. */
  client: ChatClient | null;
  url: string;
  userId: string | null;
  /** The app's own. Null where it has none: see {@link ChatContextValue.privateCache}. */
  queryClient: QueryClient | null;
  /**
   * Where a query client of the chat's own is kept. Made by the first hook that needs one, so that an app whose components show a
   * chat, and ask for no token themselves, loads nothing of TanStack Query's.
   */
  privateCache: { queryClient?: QueryClient };
  strings: ChatStrings;
  components: Partial<ChatComponents>;
  /** What shows parts of an answer in place of the kit, by their type. */
  parts?: PartRenderers | undefined;
  /** Where links and pictures in messages may lead, as far as the app says so. */
  links?: Partial<LinkPolicy> | undefined;
  theme: ChatTheme;
  density: ChatDensity;
  classNames: ChatClassNames;
  composer: ComposerOptions;
  /** The address of a message, for “Copy link”; relative to the page. Stable. */
  messageHref: (target: MessageTarget) => string;
  /** For dates and times; undefined is the browser's own. */
  locale: string | undefined;
}

export const ChatContext = /* @__PURE__ */ createContext<ChatContextValue | null>(null);

/** What the provider gives. `caller` is named in the error that a missing provider throws. */
export function useChatContext(caller: string): ChatContextValue {
  const value = useContext(ChatContext);
  if (value) return value;
  throw new ChatError(
    'invalid_options',
    `${caller} was used outside <ChatProvider>, so there is no chat to talk to. ` +
      'Wrap this part of the app: <ChatProvider userId={…}>…</ChatProvider>. ' +
      'If it is wrapped, two copies of latchkit are installed: `npm ls latchkit` shows them.',
  );
}
