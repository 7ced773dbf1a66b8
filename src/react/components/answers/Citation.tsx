import { Fragment, useRef, useState, type ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { numberIn } from '../../strings/forms.ts';
import { usePopover } from '../parts/usePopover.ts';
import { shownSource, type Source } from './source.ts';

/** `[1]`, as models cite; a link's words would be followed by its address, and are none here. */
const CITATION = /\[(\d{1,2})\]/g;

/** The words of an answer with a mark in place of each number in brackets that one of its sources has. */
export function citedText(text: string, sources: readonly Source[]): ReactNode {
  const pieces: ReactNode[] = [];
  let from = 0;
  for (const { 0: raw, 1: digits, index } of text.matchAll(CITATION)) {
    const number = Number(digits);
    const source = sources[number - 1];
    if (!source) continue;
    pieces.push(
      <Fragment key={index}>
        {text.slice(from, index)}
        <Citation number={number} source={source} />
      </Fragment>,
    );
    from = index + raw.length;
  }
  return from === 0 ? text : [...pieces, text.slice(from)];
}

/** A source where it is drawn upon. Pressed, it shows which one it is. */
function Citation({ number, source }: { number: number; source: Source }): ReactNode {
  const { strings, locale, links } = useChatContext('<MessageItem>');
  const button = useRef<HTMLButtonElement>(null);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const shown = numberIn(locale, number);
  return (
    <>
      <button
        ref={button}
        type="button"
        className="lk-citation"
        aria-label={strings.sourceLabel(shown, shownSource(source, links).title)}
        aria-expanded={anchor !== null}
        onClick={() => setAnchor(anchor ? null : button.current)}
      >
        {shown}
      </button>
      {anchor && (
        <SourceCard
          label={shown}
          source={source}
          anchor={anchor}
          onClose={() => setAnchor(null)}
          onEscape={() => {
            setAnchor(null);
            button.current?.focus({ preventScroll: true });
          }}
        />
      )}
    </>
  );
}

interface SourceCardProps {
  label: string;
  source: Source;
  anchor: HTMLElement;
  onClose: () => void;
  onEscape: () => void;
}

function SourceCard({ label, source, anchor, onClose, onEscape }: SourceCardProps): ReactNode {
  const { strings, links } = useChatContext('<MessageItem>');
  const popover = usePopover(anchor, onClose);
  const { title, link } = shownSource(source, links);
  return (
    <span
      ref={popover}
      className="lk-popover lk-source-card"
      role="dialog"
      aria-label={strings.sourceLabel(label, title)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onEscape();
      }}
    >
      <span className="lk-source-card-title">{title}</span>
      {link && (
        <a href={link.href} target="_blank" rel="noopener noreferrer">
          {link.host}
          <span className="lk-source-card-path">{link.path}</span>
        </a>
      )}
    </span>
  );
}
