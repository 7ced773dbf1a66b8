import { type MouseEvent, type ReactNode } from 'react';
import type { FootnoteTextToken, FootnoteToken } from '../../protocol/markdown/index.ts';
import type { MarkdownContextValue } from './MarkdownContext.ts';

/** Goes there without a change of the page's address: that is the app's. */
function go(event: MouseEvent<HTMLAnchorElement>): void {
  event.preventDefault();
  document.getElementById(event.currentTarget.hash.slice(1))?.focus();
}

export function footnoteRef({ label }: FootnoteToken, { id, strings }: MarkdownContextValue, key: number): ReactNode {
  return (
    <sup key={key} className="lk-footnote-ref">
      <a
        id={`${id}ref-${label}`}
        href={`#${id}note-${label}`}
        role="doc-noteref"
        aria-label={strings.footnote(label)}
        onClick={go}
      >
        {label}
      </a>
    </sup>
  );
}

export function footnoteText(
  { label }: FootnoteTextToken,
  inner: ReactNode,
  { id, strings }: MarkdownContextValue,
  key: number,
): ReactNode {
  return (
    <p key={key} className="lk-footnote" id={`${id}note-${label}`} role="doc-footnote" tabIndex={-1}>
      <span className="lk-footnote-label">{label}</span> {inner}{' '}
      <a href={`#${id}ref-${label}`} role="doc-backlink" aria-label={strings.footnoteBack} onClick={go}>
        ↩
      </a>
    </p>
  );
}
