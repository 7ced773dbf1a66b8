import type { ChatErrorCode } from '../../protocol/index.ts';
import { FIRST_WORDS } from './first-words.ts';
import { numberIn } from './forms.ts';
import type { ChatStringOverrides, ChatStrings, ErrorText, FormatNumber } from './types.ts';

/** The entries that write numbers, however many others there come to be: each one must be bound below. */
type WithNumbers = {
  [Key in keyof ChatStrings]: ChatStrings[Key] extends (...args: infer Args) => string
    ? FormatNumber extends Args[number]
      ? Key
      : never
    : never;
}[keyof ChatStrings];

/** English, as far as it is loaded: what is said later comes with the first part that says it. */
const known: Partial<ChatStrings> = { ...FIRST_WORDS };

/** Every word is there from now on, also in what was merged before. */
export function addWords(words: Partial<ChatStrings>): void {
  Object.assign(known, words);
}

/**
 * The app's words over English, with the numbers in them as `locale` writes them.
 * @param locale BCP 47; undefined is the browser's own
 */
export function mergeStrings(overrides: ChatStringOverrides | undefined, locale?: string): ChatStrings {
  const errors = { ...FIRST_WORDS.errors, ...overrides?.errors };
  // By inheritance, so that words which come later are in it.
  const words = Object.assign(Object.create(known) as ChatStrings, overrides, { errors });
  const format: FormatNumber = (value) => numberIn(locale, value);
  const bound: Pick<ChatStrings, WithNumbers> = {
    newMessages: (count) => words.newMessages(count, format),
    searchResults: (count) => words.searchResults(count, format),
    reactionNames: (names, mine, unnamed) => words.reactionNames(names, mine, unnamed, format),
    peopleCount: (count) => words.peopleCount(count, format),
    pinCount: (count) => words.pinCount(count, format),
    reportedCount: (count) => words.reportedCount(count, format),
    reportedMore: (count) => words.reportedMore(count, format),
    inboxCount: (count) => words.inboxCount(count, format),
    replyCount: (count) => words.replyCount(count, format),
    unread: (count) => words.unread(count, format),
    characterCount: (length, max) => words.characterCount(length, max, format),
    tooLong: (excess) => words.tooLong(excess, format),
    suggestionCount: (count) => words.suggestionCount(count, format),
    filesTooMany: (max) => words.filesTooMany(max, format),
    reconnectingIn: (seconds) => words.reconnectingIn(seconds, format),
  };
  return Object.assign(Object.create(words) as ChatStrings, bound);
}

/** The words for an error: the app's or the kit's own for its code, else the registry's remedy. */
export function errorText(strings: ChatStrings, error: { code: ChatErrorCode; remediation: string }): ErrorText {
  return strings.errors[error.code] ?? { what: strings.errorFallback, remedy: error.remediation };
}
