/**
 * The version both halves speak. A client names it in its first frame; the server refuses another by
 * close code `protocol_unsupported`.
 */
export const PROTOCOL_VERSION = 1;

/**
 * Largest frame either side may send, in bytes of UTF-8. The server closes the socket with `frame_too_large` above it. Only a frame of
 * the server's that holds an assistant's answer may be larger, by as much as {@link MAX_ANSWER_BYTES}.
 */
export const MAX_FRAME_BYTES = 65_536;

/**
 * Longest text of one message, in UTF-16 code units (what `string.length` counts).
 * Even if each unit were a control character, which JSON writes in six bytes, the frame stays under {@link MAX_FRAME_BYTES}.
 */
export const MAX_TEXT_LENGTH = 10_000;

/** Most that an assistant's answer may grow to, in bytes of the JSON of its parts. It fails as `answer_too_long` there. */
export const MAX_ANSWER_BYTES = 524_288;

/** Earlier attempts that are kept of an answer, the newest ones; together they take {@link MAX_ANSWER_BYTES} at most. */
export const MAX_ATTEMPTS = 5;

/** Longest reason that a person may give with a decision, in UTF-16 code units. */
export const MAX_REASON_LENGTH = 1_000;

/** Longest JSON of what a person does to a part of an answer, in UTF-16 code units. */
export const MAX_ACTION_LENGTH = 8_192;

/** Objects and lists in it go no deeper into each other. */
export const MAX_ACTION_DEPTH = 16;

/** An answer keeps the ids of so many of the last things that were done to its parts. */
export const MAX_KEPT_ACTIONS = 16;

/** Most parts in one message that a person sends. */
export const MAX_PARTS = 64;

/** Longest id of a thread, a user or a message, in UTF-16 code units. */
export const MAX_ID_LENGTH = 128;

/** Most messages in one page of history. A request for more is refused as `bad_request`. */
export const MAX_PAGE_SIZE = 100;

/** Most characters of a thread's title, in UTF-16 code units. */
export const MAX_TITLE_LENGTH = 200;

/** Longest reaction, in UTF-16 code units: emoji are joined from many. */
export const MAX_EMOJI_LENGTH = 64;

/** Most different reactions to one message; one more is refused as `bad_request`. */
export const MAX_REACTIONS = 20;

/** Most people named per reaction; `count` counts them all. */
export const MAX_REACTION_USERS = 100;

/** Unread messages are counted no further: with so many there are so many or more. */
export const MAX_UNREAD_COUNT = 100;

/** Most people in one frame about who has read how far, those who have read furthest. */
export const MAX_RECEIPTS = 100;

/** Most people whom one part of a message mentions. */
export const MAX_MENTIONS = 20;

/** Longest name by which a text mentions somebody, in UTF-16 code units. */
export const MAX_MENTION_LABEL = 80;

/** Most people whom a system message names; `count` counts them all. */
export const MAX_EVENT_PEOPLE = 20;

/** Most people named at once when a thread is created. */
export const MAX_MEMBERS_INVITED = 100;

/** Most pinned messages in a thread; one more is refused as `bad_request`. */
export const MAX_PINS = 50;

/** Most reported messages that are listed at once; those that were decided on make room for more. */
export const MAX_REPORTED = 50;

/** Most reports that are shown of one message; the others are counted. */
export const MAX_REPORTS_SHOWN = 10;

/** Most links of one message that a preview is shown of. */
export const MAX_PREVIEWS = 3;

/** Longest address that a preview is shown of, in UTF-16 code units. */
export const MAX_LINK_LENGTH = 2_048;

/** Most characters that a reply shows of the message that it answers. */
export const MAX_QUOTE_LENGTH = 140;

/** Somebody who was told to write does so no longer after this time, ms, unless it is said again. */
export const TYPING_LIFE_MS = 7_000;

/** Most people of whom it is told that they write in a thread at the same time. */
export const MAX_TYPING = 5;

/** Most people in one answer to a search for people. */
export const MAX_PEOPLE_FOUND = 20;

/** Most people whose presence one frame asks for. */
export const MAX_PRESENCES = 100;

/** Longest search, in UTF-16 code units. */
export const MAX_QUERY_LENGTH = 200;
