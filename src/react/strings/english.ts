import { FIRST_WORDS } from './first-words.ts';
import { LATER_WORDS } from './later-words.ts';
import type { ChatStrings } from './types.ts';

/** The kit's own words. */
export const ENGLISH: ChatStrings = /* @__PURE__ */ Object.assign({}, FIRST_WORDS, LATER_WORDS);
