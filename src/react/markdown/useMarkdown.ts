import { createElement, useEffect, useState, type ReactNode } from 'react';
import { loadWords } from '../strings/load-words.ts';
import type { MarkdownProps } from './MarkdownContext.ts';

type RenderMarkdown = (props: MarkdownProps) => ReactNode;

/** What tells Markdown from words: without any of it, a text looks the same either way, and nothing needs to be loaded. */
const MARKS = /[*_`~#|[\]\\&]|\$.+\$|^ {0,3}(?:>|(?:[-+]|\d{1,9}[.)])(?:\s|$)|={2,}|-{3,})|^(?: {4}|\t)/m;

let loaded: RenderMarkdown | null = null;
let loading: Promise<RenderMarkdown> | null = null;

/** Fetches what renders Markdown before it is needed, e.g. while an answer is awaited. Safe to call often. */
function preloadMarkdown(): Promise<RenderMarkdown> {
  loading ??= Promise.all([import('./Markdown.tsx'), loadWords()]).then(
    ([{ Markdown }]) => (loaded = (props) => createElement(Markdown, props)),
    (error: unknown) => {
      loading = null; // The next message tries again.
      throw error;
    },
  );
  return loading;
}

/** Whether a text has anything in it that Markdown shows in another way than as its words. */
export function hasMarks(text: string): boolean {
  return MARKS.test(text);
}

/** What renders the text, once it is there; null while plain words do as well. */
export function useMarkdown(text: string): RenderMarkdown | null {
  const [, setArrived] = useState(loaded !== null);
  const needed = hasMarks(text);
  useEffect(() => {
    if (!needed || loaded) return;
    let mounted = true;
    preloadMarkdown().then(
      () => mounted && setArrived(true),
      () => {}, // The words stay readable.
    );
    return () => {
      mounted = false;
    };
  }, [needed]);
  return needed ? loaded : null;
}
