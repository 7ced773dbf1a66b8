import { addWords } from './merge.ts';

let loading: Promise<void> | null = null;

/** Fetches the words that parts say which are loaded later. Safe to call often. */
export function loadWords(): Promise<void> {
  loading ??= import('./later-words.ts').then(
    ({ LATER_WORDS }) => addWords(LATER_WORDS),
    (error: unknown) => {
      loading = null; // the next part tries again
      throw error;
    },
  );
  return loading;
}
