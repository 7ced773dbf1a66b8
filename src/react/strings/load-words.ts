import { loader } from '../loader.ts';
import { addWords } from './merge.ts';

const words = /* @__PURE__ */ loader(async () => addWords((await import('./later-words.ts')).LATER_WORDS));

/** Fetches the words that parts say which are loaded later. Safe to call often. */
export const loadWords = (): Promise<void> => words.fetch();
