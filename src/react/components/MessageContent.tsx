import { useMemo, type ReactNode } from 'react';
import { textOf } from '../../protocol/index.ts';
import { linkify } from './linkify.ts';
import type { MessageContentProps } from './types.ts';
import { classes } from './useRoot.tsx';

// Block by block: one text node that holds ten thousand characters costs seconds of layout when it changes.
const BLANK_LINES = /\n[^\S\n]*(?:\n[^\S\n]*)+/u;

function Paragraph({ text }: { text: string }): ReactNode {
  return (
    <p className="lk-paragraph">
      {linkify(text).map((span, index) =>
        span.kind === 'text' ? (
          span.text
        ) : (
          <a key={index} href={span.href} target="_blank" rel="noopener noreferrer">
            {span.text}
          </a>
        ),
      )}
    </p>
  );
}

/** What a message says: its text in paragraphs, line breaks kept, web addresses as links. Text stays text: no markup is read. */
export function MessageContent({ parts, className }: MessageContentProps): ReactNode {
  const paragraphs = useMemo(() => textOf(parts).split(BLANK_LINES), [parts]);
  return (
    <div className={classes('lk-content', className)} dir="auto">
      {paragraphs.map((text, index) => (
        <Paragraph key={index} text={text} />
      ))}
    </div>
  );
}
