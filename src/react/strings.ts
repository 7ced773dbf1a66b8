import type { ChatErrorCode } from '../protocol/index.ts';

/** What went wrong and what to do about it, in the reader's words. */
export interface ErrorText {
  what: string;
  remedy: string;
}

/** Every word that the components show or speak. Override any of them by `<ChatProvider strings={{ … }}>`. */
export interface ChatStrings {
  // The window and its list of conversations
  windowLabel: string;
  threadsHeading: string;
  threadsEmpty: string;
  threadsEmptyHint: string;
  threadsLoading: string;
  threadUntitled: string;
  noThreadChosen: string;
  backToThreads: string;
  /** The last message's line in the list of conversations. */
  preview: (author: string, text: string) => string;
  you: string;
  accessOpen: string;
  accessMembers: string;

  // Messages
  messagesLabel: (title: string | null) => string;
  messagesLoading: string;
  messagesEmpty: string;
  messagesEmptyHint: string;
  loadingOlder: string;
  today: string;
  yesterday: string;
  /** The spoken name of one message. */
  messageLabel: (author: string, time: string) => string;
  newMessages: (count: number) => string;
  toLatest: string;

  // Delivery
  sending: string;
  sent: string;
  failed: string;
  retry: string;
  discard: string;

  // Writing
  composerLabel: (title: string | null) => string;
  composerPlaceholder: (title: string | null) => string;
  send: string;
  characterCount: (length: number, max: number) => string;
  tooLong: (excess: number) => string;
  writeSignedOut: string;
  writeRefused: string;

  // Connection
  connecting: string;
  reconnecting: string;
  reconnectingIn: (seconds: number) => string;
  offline: string;
  signedOut: ErrorText;
  connectionClosed: string;
  retryNow: string;

  // Errors, by code; `fallback` stands in for a code without its own entry, with the registry's remedy.
  errors: Partial<Record<ChatErrorCode, ErrorText>>;
  errorFallback: string;
}

/** The same, each entry optional; `errors` is merged code by code. */
export type ChatStringOverrides = Partial<ChatStrings>;

const plural = (count: number, one: string, other: string): string => (count === 1 ? one : other);

export const ENGLISH: ChatStrings = {
  windowLabel: 'Chat',
  threadsHeading: 'Conversations',
  threadsEmpty: 'No conversations yet',
  threadsEmptyHint: 'They appear here as soon as somebody writes to you.',
  threadsLoading: 'Loading conversations',
  threadUntitled: 'Conversation',
  noThreadChosen: 'Choose a conversation',
  backToThreads: 'Back to conversations',
  preview: (author, text) => `${author}: ${text}`,
  you: 'You',
  accessOpen: 'Open to everyone here',
  accessMembers: 'Members only',

  messagesLabel: (title) => (title === null ? 'Messages' : `Messages in ${title}`),
  messagesLoading: 'Loading messages',
  messagesEmpty: 'No messages yet',
  messagesEmptyHint: 'Write the first one.',
  loadingOlder: 'Loading earlier messages',
  today: 'Today',
  yesterday: 'Yesterday',
  messageLabel: (author, time) => `${author}, ${time}`,
  newMessages: (count) => `${count} ${plural(count, 'new message', 'new messages')}`,
  toLatest: 'Go to the latest messages',

  sending: 'Sending…',
  sent: 'Sent',
  failed: 'Not sent',
  retry: 'Retry',
  discard: 'Discard',

  composerLabel: (title) => (title === null ? 'Message' : `Message to ${title}`),
  composerPlaceholder: (title) => (title === null ? 'Write a message' : `Write to ${title}`),
  send: 'Send',
  characterCount: (length, max) => `${length.toLocaleString()} of ${max.toLocaleString()} characters`,
  tooLong: (excess) =>
    `Too long by ${excess.toLocaleString()} ${plural(excess, 'character', 'characters')}. Shorten it, or send it in two.`,
  writeSignedOut: 'Sign in to write.',
  writeRefused: 'You may not write here.',

  connecting: 'Connecting…',
  reconnecting: 'Reconnecting…',
  reconnectingIn: (seconds) => `Trying again in ${seconds} s`,
  offline: 'Offline. Messages will be sent when you are back.',
  signedOut: { what: 'You are signed out.', remedy: 'Sign in to go on.' },
  connectionClosed: 'The chat is not connected.',
  retryNow: 'Retry',

  errors: {
    unauthenticated: { what: 'You are not signed in.', remedy: 'Sign in again to go on.' },
    forbidden: { what: 'You do not have access to this chat.', remedy: 'Ask the owner of the app for access.' },
    signed_out: { what: 'You are signed out.', remedy: 'Sign in to go on.' },
    thread_forbidden: {
      what: 'You may not read this conversation.',
      remedy: 'Ask a member of the conversation to add you.',
    },
    thread_not_found: {
      what: 'This conversation does not exist.',
      remedy: 'It may have been removed, or its address is wrong.',
    },
    message_too_long: { what: 'The message is too long.', remedy: 'Shorten it, or send it in two.' },
    message_empty: { what: 'The message is empty.', remedy: 'Write something first.' },
    rate_limited: { what: 'Too many messages at once.', remedy: 'Wait a moment, then try again.' },
    connection_lost: { what: 'The connection was lost.', remedy: 'It is opened again.' },
    request_timeout: { what: 'The server did not answer in time.', remedy: 'It is tried again.' },
  },
  errorFallback: 'Something went wrong.',
};

export function mergeStrings(overrides: ChatStringOverrides | undefined): ChatStrings {
  if (!overrides) return ENGLISH;
  return { ...ENGLISH, ...overrides, errors: { ...ENGLISH.errors, ...overrides.errors } };
}

/** The words for an error: the app's or the kit's own for its code, else the registry's remedy. */
export function errorText(strings: ChatStrings, error: { code: ChatErrorCode; remediation: string }): ErrorText {
  return strings.errors[error.code] ?? { what: strings.errorFallback, remedy: error.remediation };
}
