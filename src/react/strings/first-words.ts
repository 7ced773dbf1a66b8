import { numberIn } from './forms.ts';
import type { ChatStrings } from './types.ts';

const plural = (count: number, one: string, other: string): string => (count === 1 ? one : other);
const number = (value: number): string => numberIn('en', value);

/** What a window may say before anything else of it is loaded. */
export const FIRST_WORDS = {
  windowLabel: 'Chat',
  threadsHeading: 'Conversations',
  threadsLoading: 'Loading conversations',
  threadUntitled: 'Conversation',
  noThreadChosen: 'Choose a conversation',
  backToThreads: 'Back to conversations',
  you: 'You',
  accessOpen: 'Open to everyone here',
  accessMembers: 'Members only',
  online: 'Online',
  lastSeen: (when) => `Last seen ${when}`,
  threadActions: (title) => (title === null ? 'Conversation actions' : `Conversation actions: ${title}`),
  searchThread: 'Search this conversation',
  messagesLabel: (title) => (title === null ? 'Messages' : `Messages in ${title}`),
  messagesLoading: 'Loading messages',
  messagesEmpty: 'No messages yet',
  messagesEmptyHint: 'Write the first one.',
  messageUnavailable: 'This message cannot be shown',
  today: 'Today',
  yesterday: 'Yesterday',
  messageLabel: (author, time) => `${author}, ${time}`,
  unreadFrom: 'New messages',
  sending: 'Sending…',
  sent: 'Sent',
  read: 'Read',
  readBy: (names) => `Read by ${names}`,
  failed: 'Not sent',
  retry: 'Retry',
  discard: 'Discard',
  messageDeleted: 'This message was deleted',
  edited: 'Edited',
  editedAt: (moment) => `Edited ${moment}`,
  saving: 'Saving…',
  deleting: 'Deleting…',
  notSaved: 'Change not saved',
  notDeleted: 'Not deleted',
  moreActions: 'More actions',
  editAgain: 'Edit again',
  react: 'React',
  reactionNames: (names, mine, unnamed, format = number) => {
    const all = [
      ...names,
      ...(mine ? ['you'] : []),
      ...(unnamed > 0
        ? [
            `${format(unnamed)} ${names.length > 0 || mine ? plural(unnamed, 'other', 'others') : plural(unnamed, 'person', 'people')}`,
          ]
        : []),
    ];
    return all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}` : (all[0] ?? '');
  },
  reply: 'Reply',
  replyCount: (count, format = number) => `${format(count)} ${plural(count, 'reply', 'replies')}`,
  replyPlaceholder: 'Write a reply',
  pinned: 'Pinned',
  answerStop: 'Stop the answer',
  composerLabel: (title) => (title === null ? 'Message' : `Message to ${title}`),
  composerPlaceholder: (title) => (title === null ? 'Write a message' : `Write to ${title}`),
  send: 'Send',
  characterCount: (length, max, format = number) => `${format(length)} of ${format(max)} characters`,
  tooLong: (excess, format = number) =>
    `Too long by ${format(excess)} ${plural(excess, 'character', 'characters')}. Shorten it, or send it in two.`,
  writeSignedOut: 'Sign in to write.',
  writeRefused: 'You may not write here.',
  writeReadonly: 'You can read here, but not write.',
  sendWaits: 'Goes out as soon as its files are uploaded.',
  sendNeedsFiles: 'A file was not uploaded. Try again, or remove it.',
  typing: (names) =>
    names.length === 0
      ? 'Several people are typing'
      : `${names.join(' and ')} ${plural(names.length, 'is', 'are')} typing`,
  openChat: 'Open chat',
  closeChat: 'Close chat',
  unread: (count, format = number) => `${format(count)} ${plural(count, 'unread message', 'unread messages')}`,
  connecting: 'Connecting…',
  reconnecting: 'Reconnecting…',
  reconnectingIn: (seconds, format = number) => `Trying again in ${format(seconds)} s`,
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
    message_not_found: { what: 'That message is not there any more.', remedy: 'Send what you wrote without it.' },
    message_too_long: { what: 'The message is too long.', remedy: 'Shorten it, or send it in two.' },
    message_empty: { what: 'The message is empty.', remedy: 'Write something first.' },
    rate_limited: { what: 'Too many messages at once.', remedy: 'Wait a moment, then try again.' },
    connection_lost: { what: 'The connection was lost.', remedy: 'It is opened again.' },
    request_timeout: { what: 'The server did not answer in time.', remedy: 'It is tried again.' },
  },
  errorFallback: 'Something went wrong.',
} satisfies Partial<ChatStrings>;
