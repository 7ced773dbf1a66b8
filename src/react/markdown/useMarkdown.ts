import { createElement, useEffect, useState, type ReactNode } from 'react';
import { partLoader } from '../components/parts/lazy-part.tsx';
import { useWithStyles } from '../hooks/useLaterStyles.ts';
import type { MarkdownProps } from './MarkdownContext.ts';

type RenderMarkdown = (props: MarkdownProps) => ReactNode;

/** What tells Markdown from words: without any of it, a text looks the same either way, and nothing needs to be loaded. */
const MARKS = /[*_`~#|[\]\\&]|\$.+\$|^ {0,3}(?:>|(?:[-+]|\d{1,9}[.)])(?:\s|$)|={2,}|-{3,})|^(?: {4}|\t)/m;

const markdownPart = /* @__PURE__ */ partLoader<RenderMarkdown>(async () => {
  const { Markdown } = await import('./Markdown.tsx');
  return (props) => createElement(Markdown, props);
});

/** Whether a text has anything in it that Markdown shows in another way than as its words. */
export function hasMarks(text: string): boolean {
  return MARKS.test(text);
}

/** What renders the text, once it is there; null while plain words do as well. */
export function useMarkdown(text: string): RenderMarkdown | null {
  const { get, fetch } = useWithStyles(markdownPart);
  const [, setArrived] = useState(false);
  const needed = hasMarks(text);
  const isThere = get() !== null;
  useEffect(() => {
    if (!needed || isThere) return;
    let mounted = true;
    fetch().then(
      () => mounted && setArrived(true),
      () => {}, // The words stay readable, and the next message tries again.
    );
    return () => {
      mounted = false;
    };
  }, [needed, isThere, fetch]);
  return needed ? get() : null;
}
