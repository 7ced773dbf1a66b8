import { QueryClientContext, type QueryClient } from '@tanstack/react-query';
import { useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import type { ChatBackend, FetchToken, ThreadPage, TokenEvent, TransportName } from '../client/index.ts';
import type { ChatError } from '../protocol/index.ts';
import {
  ChatContext,
  type ChatClassNames,
  type ChatContextValue,
  type ChatDensity,
  type ChatTheme,
} from './ChatContext.ts';
import type { ComposerOptions } from './composer-options.ts';
import type { ChatComponents, PartRenderers } from './components/types.ts';
import { useOwnClient } from './hooks/useOwnClient.ts';
import { useLatest } from './hooks/useLatest.ts';
import { LaterStyles, useStylesLoader } from './hooks/useLaterStyles.ts';
import { useStable } from './hooks/useStable.ts';
import type { LinkPolicy } from './markdown/link-policy.ts';
import { defaultMessageHref, type MessageTarget } from './message-links.ts';
import { mergeStrings, type ChatStringOverrides } from './strings.ts';

export interface ChatProviderProps {
  /** A LatchKit server's base, absolute or relative to the page: `POST {url}/token`, `WS {url}/socket`. Default `/chat`. */
  url?: string;
  /** Whose chat this is. A change switches identity; null is signed out, and forgets what was unsent. */
  userId: string | null;
  /** Replaces `POST {url}/token`. May be written inline: it is read when a token is due. */
  fetchToken?: FetchToken;
  /** Replaces the LatchKit server. Keep it stable (outside the component, or in `useMemo`): another one is another chat. */
  backend?: ChatBackend;
  /** How the LatchKit server is talked to. Default `auto`: by WebSocket, and by an event stream where none gets through. */
  transport?: TransportName;
  /**
   * Conversations that the server read for this person while it rendered (`chat.threads.page(threadId, userId)`): their messages are in the
   * page before any script, and what came since is asked for from there. Read once, for the person of the first render.
   */
  initialThreads?: readonly ThreadPage[];
  /** Where tokens are cached. Default: the app's own from `<QueryClientProvider>`, else a private one. */
  queryClient?: QueryClient;
  /**
   * Replaces words: some of them, or all for another language. Components lay themselves out by the page's `dir`: set it on
   * `<html>`, or on an element around them, for a language that is written from right to left.
   */
  strings?: ChatStringOverrides;
  /** Replaces parts. */
  components?: Partial<ChatComponents>;
  /**
   * What shows parts of an assistant's answer, by their type: `{ 'data-weather': Weather }`. Keep it stable. A part of `data-` that nobody
   * shows is not seen.
   */
  parts?: PartRenderers;
  /**
   * Where links and pictures in messages may lead. Default: links by `https:`, `http:`, `mailto:` and `tel:`; pictures from the page's own host
   * alone, since an address can carry what a text holds to whoever owns the host. What is not allowed shows as its words, or as a link.
   */
  links?: Partial<LinkPolicy>;
  /** Default `system`: what the device asks for. */
  theme?: ChatTheme;
  /** How much room messages and conversations take. Default `comfortable`. */
  density?: ChatDensity;
  /** Class names for parts, wherever they stand: `{ composer: 'my-composer' }`. The app's rules win without `!important`. */
  classNames?: ChatClassNames;
  /**
   * For an app that imports `latchkit/styles/first.css` in place of `latchkit/styles.css`: loads the styles of all that is not shown first,
   * `() => import('latchkit/styles/later.css')`, for the app's bundler to put them into the page. May be written inline. Asked when the
   * page is idle, or when the first part needs it, and never on a server; such a part is shown once both its code and its styles are there.
   * What is rejected is asked for again while a part waits.
   */
  loadStyles?: () => Promise<unknown>;
  /** How messages are written: the key that sends, commands, emoji, dictation. */
  composer?: ComposerOptions;
  /**
   * The address of a message, for “Copy link”: absolute, or relative to the page. Default: the page's own, with `#lk-message=…`, which
   * `useLinkedMessage()` reads. May be written inline.
   */
  messageHref?: (target: MessageTarget) => string;
  /** BCP 47, for dates, times and numbers: `de-CH`. Default: the browser's. */
  locale?: string;
  /** Told of what went wrong out of anybody's call. May be written inline. */
  onError?: (error: ChatError) => void;
  /**
   * Told of every mint, renewal, refusal and failure of the token, for any logger or meter. Never with a token in it. May be written
   * inline. With OpenTelemetry (`@opentelemetry/api`):
   *
   * ```tsx
   * const events = metrics.getMeter('chat').createCounter('chat.token.events');
   * <ChatProvider userId={user.id} onTokenEvent={({ type }) => events.add(1, { type })}>
   * ```
   */
  onTokenEvent?: (event: TokenEvent) => void;
  children?: ReactNode;
}

const NO_COMPONENTS: Partial<ChatComponents> = {};
const NO_CLASS_NAMES: ChatClassNames = {};
const NO_COMPOSER: ComposerOptions = {};

/**
 * One person's chat, for every component and hook below. Connects while mounted; on a server it renders its children and
 * touches nothing else.
 */
export function ChatProvider({
  url = '/chat',
  userId,
  fetchToken,
  backend,
  transport,
  initialThreads,
  queryClient: ownQueryClient,
  strings: overrides,
  components = NO_COMPONENTS,
  parts,
  links,
  theme = 'system',
  density = 'comfortable',
  classNames = NO_CLASS_NAMES,
  loadStyles,
  composer = NO_COMPOSER,
  messageHref = defaultMessageHref,
  locale,
  onError,
  onTokenEvent,
  children,
}: ChatProviderProps): ReactNode {
  const client = useOwnClient({ url, userId, fetchToken, backend, transport, initialThreads, onError, onTokenEvent });
  const appQueryClient = useContext(QueryClientContext);
  const [privateCache] = useState<ChatContextValue['privateCache']>({});
  const queryClient = ownQueryClient ?? appQueryClient ?? null;
  const stableOverrides = useStable(overrides);
  const strings = useMemo(() => mergeStrings(stableOverrides, locale), [stableOverrides, locale]);
  const stableComponents = useStable(components);
  const stableClassNames = useStable(classNames);
  const stableComposer = useStable(composer);
  const laterStyles = useStylesLoader(loadStyles);
  const latestHref = useLatest(messageHref);
  const hrefOf = useCallback((target: MessageTarget) => latestHref.current(target), [latestHref]);
  // By what they say: their lists are written inline, too.
  const linksText = JSON.stringify(links);
  const stableLinks = useMemo(() => linksText && (JSON.parse(linksText) as Partial<LinkPolicy>), [linksText]);

  const value = useMemo<ChatContextValue>(
    () => ({
      client,
      url,
      userId,
      queryClient,
      privateCache,
      strings,
      components: stableComponents,
      parts,
      links: stableLinks || undefined,
      theme,
      density,
      classNames: stableClassNames,
      composer: stableComposer,
      messageHref: hrefOf,
      locale,
    }),
    [
      client,
      url,
      userId,
      queryClient,
      privateCache,
      strings,
      stableComponents,
      parts,
      stableLinks,
      theme,
      density,
      stableClassNames,
      stableComposer,
      hrefOf,
      locale,
    ],
  );
  return (
    <LaterStyles.Provider value={laterStyles}>
      <ChatContext.Provider value={value}>{children}</ChatContext.Provider>
    </LaterStyles.Provider>
  );
}
