import type { ChatErrorCode, ReportReason, Role } from '../../protocol/index.ts';
import type { EmojiGroup } from '../components/messages/emoji.ts';

/** A number as the reader's locale writes it. */
export type FormatNumber = (value: number) => string;

/** What went wrong and what to do about it, in the reader's words. */
export interface ErrorText {
  what: string;
  remedy: string;
}

/**
 * Every word that the components show or speak. Override any of them by `<ChatProvider strings={{ … }}>`. What is given a `format`
 * writes its numbers by it: components hand in the provider's locale.
 */
export interface ChatStrings {
  // The window and its list of conversations
  windowLabel: string;
  threadsHeading: string;
  threadsEmpty: string;
  threadsEmptyHint: string;
  threadsLoading: string;
  /** Reads the next page of the list. */
  threadsMore: string;
  threadsLoadingMore: string;
  threadUntitled: string;
  noThreadChosen: string;
  backToThreads: string;
  /** The last message's line in the list of conversations. */
  preview: (author: string, text: string) => string;
  you: string;
  accessOpen: string;
  accessMembers: string;
  /** Of the other one in a conversation of two. */
  online: string;
  lastSeen: (when: string) => string;
  /** The spoken name of the button that opens a conversation's menu, with its title, and (null) of the menu. */
  threadActions: (title: string | null) => string;
  mute: string;
  unmute: string;
  /** The mark of a conversation whose messages draw no attention. */
  muted: string;
  archive: string;
  unarchive: string;
  /** The switch to the archived conversations, and what stands above them. */
  showArchived: string;
  archivedHeading: string;
  archivedEmpty: string;
  archivedEmptyHint: string;

  // Making conversations, and who is in them
  newThread: string;
  threadTitle: string;
  /** Stands above the choice of who may read and write. */
  threadAccess: string;
  createThread: string;
  renameThread: string;
  joinThread: string;
  leaveThread: string;
  deleteThread: string;
  deleteThreadQuestion: (title: string) => string;
  deleteThreadHint: string;
  leaveQuestion: (title: string) => string;
  leaveHint: string;
  /** Of a conversation that everybody may read. */
  leaveOpenHint: string;
  members: string;
  membersLoading: string;
  membersNone: string;
  membersMore: string;
  addPeople: string;
  /** The spoken name of those to choose from. */
  people: string;
  peopleSearch: string;
  peopleNone: string;
  /** How many were found. */
  peopleCount: (count: number, format?: FormatNumber) => string;
  removePerson: (name: string) => string;
  role: string;
  roleOf: (name: string) => string;
  closeDialog: string;

  // Search
  searchAll: string;
  searchThread: string;
  searchHint: string;
  searching: string;
  searchNone: string;
  /** How many results there are so far. */
  searchResults: (count: number, format?: FormatNumber) => string;
  searchMore: string;
  closeSearch: string;

  // Messages
  messagesLabel: (title: string | null) => string;
  messagesLoading: string;
  messagesEmpty: string;
  messagesEmptyHint: string;
  loadingOlder: string;
  loadingNewer: string;
  /** While a message that somebody wants to go to is on its way, and when it cannot be had. */
  messageLoading: string;
  messageUnavailable: string;
  /** Spoken once it is shown. */
  messageShown: (author: string, time: string) => string;
  today: string;
  yesterday: string;
  /** The spoken name of one message. */
  messageLabel: (author: string, time: string) => string;
  newMessages: (count: number, format?: FormatNumber) => string;
  toLatest: string;
  /** Stands above the first message that is unread. */
  unreadFrom: string;
  toUnread: string;

  // What a message holds
  copyCode: string;
  codeCopied: string;
  /** The spoken name of a code block; the language may be empty. */
  codeLabel: (language: string) => string;
  tableLabel: string;
  /** Of a formula that stands by itself. */
  mathsLabel: string;
  /** Of the mark of a footnote in the text. */
  footnote: (label: string) => string;
  /** Of what leads from a footnote to where it stands in the text. */
  footnoteBack: string;

  // Delivery
  sending: string;
  sent: string;
  /** Of a message in a conversation of two: the other has seen it. */
  read: string;
  readBy: (names: string) => string;
  failed: string;
  /** Tries once more what failed, whatever it was: to send, to load, to answer. */
  retry: string;
  discard: string;

  // What was done to a message, and what one can do
  messageDeleted: string;
  edited: string;
  /** The title of the edited mark. */
  editedAt: (moment: string) => string;
  saving: string;
  deleting: string;
  notSaved: string;
  notDeleted: string;
  /** The spoken name of what one can do with a message. */
  messageActions: string;
  moreActions: string;
  copyText: string;
  copyLink: string;
  copied: string;
  copyFailed: string;
  edit: string;
  editAgain: string;
  delete: string;
  deleteQuestion: string;
  deleteHint: string;
  cancel: string;
  editLabel: string;
  save: string;
  editHint: string;

  // Reactions
  react: string;
  /** The spoken name of one reaction: who gave it. */
  reactionLabel: (emoji: string, names: string) => string;
  /** Who gave a reaction; `unnamed` more are not known by name. */
  reactionNames: (names: readonly string[], mine: boolean, unnamed: number, format?: FormatNumber) => string;
  reactionSearch: string;
  reactionsQuick: string;
  reactionsNone: string;
  reactionGroups: Record<EmojiGroup, string>;

  // Replies
  reply: string;
  /** Stands above what is being written. */
  replyingTo: (author: string) => string;
  cancelReply: string;
  /** The spoken name of what a reply answers; a press goes there. */
  quoteLabel: (author: string, text: string) => string;
  /** Stands under a message: opens what was answered to it. */
  replyCount: (count: number, format?: FormatNumber) => string;
  repliesHeading: string;
  repliesLoading: string;
  repliesOlder: string;
  closeReplies: string;
  replyPlaceholder: string;

  // Pinned messages
  pin: string;
  unpin: string;
  /** Stands on a message that is pinned. */
  pinned: string;
  /** The spoken name of the newest pinned message above the conversation; a press goes there. */
  pinLabel: (author: string, text: string) => string;
  /** Opens and closes the list of them. */
  pinCount: (count: number, format?: FormatNumber) => string;

  // Reports: for whoever reads, and for those who watch over the conversation
  report: string;
  reportTitle: string;
  reportHint: string;
  reportReason: string;
  reportReasons: Record<ReportReason, string>;
  reportNote: string;
  reportSend: string;
  /** Shown and spoken once it was sent. */
  reportDone: string;
  /** The spoken name of the button in the header. */
  reportedCount: (count: number, format?: FormatNumber) => string;
  reportedHeading: string;
  reportedNone: string;
  /** Behind those who are named. */
  reportedMore: (count: number, format?: FormatNumber) => string;
  reportKeep: string;
  showInThread: string;

  // What happened to a conversation. `by` is who did it, and `whom` names those whom it was done to; null stands for the reader. Among
  // others, the reader is called by `youObject`.
  eventCreated: (by: string | null) => string;
  eventRenamed: (by: string | null, title: string) => string;
  eventAdded: (by: string | null, whom: string | null) => string;
  eventJoined: (by: string | null) => string;
  eventLeft: (by: string | null) => string;
  eventRemoved: (by: string | null, whom: string | null) => string;
  /** `role` is one of `roles`. */
  eventRole: (by: string | null, whom: string | null, role: string) => string;
  /** Somebody gave up a role for a lower one. */
  eventOwnRole: (by: string | null, role: string) => string;
  /** `reason`: in the words of who asked. */
  eventHandoverRequested: (by: string | null, reason: string | null) => string;
  eventHandoverCancelled: (by: string | null) => string;
  eventHandoverTaken: (by: string | null) => string;
  eventHandoverReturned: (by: string | null) => string;
  /** `by` answered, and may no longer. */
  eventHandoverReopened: (by: string | null) => string;
  youObject: string;
  roles: Record<Role, string>;

  // Who answers
  /** The spoken name of the line that says it. */
  handoverLabel: string;
  handoverAssistant: string;
  handoverRequest: string;
  handoverWaiting: string;
  handoverWaitingFor: (name: string) => string;
  /** Null: the reader. */
  handoverPerson: (name: string | null) => string;
  handoverTake: string;
  handoverReturn: string;
  /** Somebody else has taken what the reader wanted to take; null where it is not known who. */
  handoverLost: (name: string | null) => string;

  // The inbox
  inboxHeading: string;
  inboxLoading: string;
  inboxWaiting: string;
  inboxMine: string;
  inboxEmpty: string;
  inboxEmptyHint: string;
  inboxMore: string;
  inboxAskedBy: (name: string) => string;
  /** `duration` with its unit, short: “5 min”. */
  inboxWaits: (duration: string) => string;
  /** The spoken name of a row’s button. */
  inboxTake: (title: string) => string;
  inboxCount: (count: number, format?: FormatNumber) => string;

  // An assistant's answer
  /** Shown and spoken while nothing of it is there yet. */
  answerThinking: string;
  /** Spoken when it is there. */
  answerDone: string;
  answerStop: string;
  answerStopped: string;
  answerFailed: string;
  answerAgain: string;
  answerGood: string;
  answerBad: string;
  answerWhyBad: string;
  answerThanks: string;
  readAloud: string;
  readAloudStop: string;
  /** The spoken name of what leads through the attempts at an answer. */
  answerAttempts: string;
  /** Both numbers in the person’s numerals. */
  answerAttempt: (number: string, count: string) => string;
  answerPrevious: string;
  answerNext: string;
  /** Stands above an earlier attempt: what it answered. */
  answerAsked: (question: string) => string;
  /** Saves an edited question, and has its answer given anew. */
  editAndAsk: string;
  reasoning: string;
  sources: string;
  /** Of the mark of a source in the text. `number` is written in the person’s numerals. */
  sourceLabel: (number: string, title: string) => string;
  toolRunning: (tool: string) => string;
  toolDone: (tool: string) => string;
  toolFailed: (tool: string) => string;
  toolDenied: (tool: string) => string;
  toolAsks: (tool: string) => string;
  toolInput: string;
  toolOutput: string;
  approve: string;
  deny: string;
  denyReason: string;
  /** Of what an assistant does on the way to its answer: while it goes on, and afterwards, where it says neither what it was nor how long it took. */
  answerWorking: string;
  answerSteps: string;
  /** How long that took: `time` is `12 seconds`, in the person’s language. */
  answerWorkedFor: (time: string) => string;
  answerThoughtFor: (time: string) => string;
  /** Kinds of such steps that have no name of their own. */
  taskSearch: string;
  taskFiles: string;
  taskPicture: string;
  /** Spoken after a step. */
  taskRunning: string;
  taskDone: string;
  /** In the place of a part of a widget that this version does not know. */
  widgetUnknown: string;
  /** Shows the rest of a widget’s list. */
  widgetMore: string;
  /** Opens what a chart draws as a table. */
  chartTable: string;
  /** Answers none of the questions that an assistant asks. */
  questionsSkip: string;
  /** In the place of an answer to one of them. */
  questionsSkipped: string;

  // Files
  /** The spoken name of a link to a picture in its full size. */
  openPicture: (filename: string) => string;
  downloadFile: (filename: string, size: string) => string;
  fileUnavailable: string;

  // Previews of links
  /** The spoken name of the button on one's own; `host` is whose page it is. */
  removePreview: (host: string) => string;

  // Writing
  composerLabel: (title: string | null) => string;
  composerPlaceholder: (title: string | null) => string;
  send: string;
  characterCount: (length: number, max: number, format?: FormatNumber) => string;
  tooLong: (excess: number, format?: FormatNumber) => string;
  writeSignedOut: string;
  writeRefused: string;
  /** For who may read and not write. */
  writeReadonly: string;
  /** The spoken name of the files that go out with the next message. */
  filesLabel: string;
  attachFiles: string;
  /** Shown before a file is chosen. */
  attachLimit: (size: string) => string;
  dropFiles: string;
  /** The spoken name of a file's progress. */
  fileProgress: (filename: string) => string;
  fileWaiting: string;
  filePaused: string;
  fileChecking: string;
  fileDone: (filename: string) => string;
  fileFailed: (filename: string, why: string) => string;
  fileRetry: (filename: string) => string;
  fileRemove: (filename: string) => string;
  /** `limit` is null where it is not known. */
  fileTooLarge: (limit: string | null) => string;
  fileTypeRefused: string;
  /** `why` is what the app's own check says. */
  fileRefused: (why: string) => string;
  filesTooMany: (max: number, format?: FormatNumber) => string;
  /** The message goes out as soon as its files are there. */
  sendWaits: string;
  sendNeedsFiles: string;
  insertEmoji: string;
  /** The spoken names of the lists that `@` and `/` open, and how many stand in them. */
  mentionsLabel: string;
  commandsLabel: string;
  suggestionCount: (count: number, format?: FormatNumber) => string;
  dictate: string;
  dictating: string;
  /** What was said is being made into text. */
  dictationWriting: string;
  dictationStop: string;
  dictationRefused: string;
  dictationFailed: string;
  /** The mark of a conversation with something written and not sent. */
  draft: string;
  /** Who writes at this moment: one, two, or (without a name) more. */
  typing: (names: readonly string[]) => string;

  // The launcher
  openChat: string;
  closeChat: string;
  unread: (count: number, format?: FormatNumber) => string;
  /** Stands above the last conversations, where a new one begins. */
  recentThreads: string;
  /** The spoken name of the first messages to choose from. */
  suggestionsLabel: string;

  // Connection
  connecting: string;
  reconnecting: string;
  reconnectingIn: (seconds: number, format?: FormatNumber) => string;
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
