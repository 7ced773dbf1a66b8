import { numberIn } from './forms.ts';
import type { ChatStrings } from './types.ts';

const plural = (count: number, one: string, other: string): string => (count === 1 ? one : other);
const number = (value: number): string => numberIn('en', value);

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
  newMessages: (count, format = number) => `${format(count)} ${plural(count, 'new message', 'new messages')}`,
  toLatest: 'Go to the latest messages',

  copyCode: 'Copy code',
  codeCopied: 'Copied',
  codeLabel: (language) => (language === '' ? 'Code' : `Code in ${language}`),
  tableLabel: 'Table',

  sending: 'Sending…',
  sent: 'Sent',
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
  messageActions: 'Message actions',
  moreActions: 'More actions',
  copyText: 'Copy text',
  copied: 'Copied',
  copyFailed: 'Could not copy',
  edit: 'Edit',
  editAgain: 'Edit again',
  delete: 'Delete',
  deleteQuestion: 'Delete this message?',
  deleteHint: 'It is gone for everybody, and cannot be brought back.',
  cancel: 'Cancel',
  editLabel: 'Edit message',
  save: 'Save',
  editHint: 'Enter saves, Escape cancels',

  react: 'React',
  reactionLabel: (emoji, names) => `${emoji} ${names}`,
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
  reactionSearch: 'Search emoji',
  reactionsQuick: 'Often used',
  reactionsNone: 'No emoji found',
  reactionGroups: {
    smileys: 'Smileys',
    gestures: 'People',
    hearts: 'Hearts',
    nature: 'Nature',
    food: 'Food and drink',
    activities: 'Activities',
    objects: 'Objects',
    symbols: 'Symbols',
  },

  openPicture: (filename) => `${filename}, open in full size`,
  downloadFile: (filename, size) => `Download ${filename}, ${size}`,
  fileUnavailable: 'This file could not be loaded.',

  composerLabel: (title) => (title === null ? 'Message' : `Message to ${title}`),
  composerPlaceholder: (title) => (title === null ? 'Write a message' : `Write to ${title}`),
  send: 'Send',
  characterCount: (length, max, format = number) => `${format(length)} of ${format(max)} characters`,
  tooLong: (excess, format = number) =>
    `Too long by ${format(excess)} ${plural(excess, 'character', 'characters')}. Shorten it, or send it in two.`,
  writeSignedOut: 'Sign in to write.',
  writeRefused: 'You may not write here.',
  writeReadonly: 'You can read here, but not write.',

  openChat: 'Open chat',
  closeChat: 'Close chat',
  unread: (count, format = number) => `${format(count)} ${plural(count, 'unread message', 'unread messages')}`,
  suggestionsLabel: 'Suggestions',

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
    message_too_long: { what: 'The message is too long.', remedy: 'Shorten it, or send it in two.' },
    message_empty: { what: 'The message is empty.', remedy: 'Write something first.' },
    rate_limited: { what: 'Too many messages at once.', remedy: 'Wait a moment, then try again.' },
    connection_lost: { what: 'The connection was lost.', remedy: 'It is opened again.' },
    request_timeout: { what: 'The server did not answer in time.', remedy: 'It is tried again.' },
  },
  errorFallback: 'Something went wrong.',
};
