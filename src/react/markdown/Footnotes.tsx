import { type MouseEvent, type ReactNode } from 'react';
import type { FootnoteTextToken, FootnoteToken } from '../../protocol/markdown/index.ts';
import { useMarkdownContext } from './MarkdownContext.ts';

/** Goes there without a change of the page's address: that is the app's. */
function go(event: MouseEvent<HTMLAnchorElement>): void {
  event.preventDefault();
  document.getElementById(event.currentTarget.hash.slice(1))?.focus();
}

export function FootnoteRef({ token: { label } }: { token: FootnoteToken }): ReactNode {
  const { id, strings } = useMarkdownContext();
  return (
    <sup className="lk-footnote-ref">
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

export function FootnoteText({
  token: { label },
  children,
}: {
  token: FootnoteTextToken;
  children: ReactNode;
}): ReactNode {
  const { id, strings } = useMarkdownContext();
  return (
    <p className="lk-footnote" id={`${id}note-${label}`} role="doc-footnote" tabIndex={-1}>
      <span className="lk-footnote-label">{label}</span> {children}{' '}
      <a href={`#${id}ref-${label}`} role="doc-backlink" aria-label={strings.footnoteBack} onClick={go}>
        ↩
      </a>
    </p>
  );
}
