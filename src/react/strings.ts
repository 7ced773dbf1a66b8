// The words themselves: strings/types.ts says which there are, strings/english.ts has them, strings/locales/ in other languages.
export { ENGLISH } from './strings/english.ts';
export { errorText, mergeStrings } from './strings/merge.ts';
export type { ChatStringOverrides, ChatStrings, ErrorText } from './strings/types.ts';
