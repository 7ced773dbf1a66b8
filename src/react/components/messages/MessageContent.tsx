import { useMemo, type ReactNode } from 'react';
import { textOf } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useMarkdown } from '../../markdown/useMarkdown.ts';
import { linkify } from './linkify.ts';
import type { MessageContentProps } from '../types.ts';
import { classes } from '../parts/useRoot.tsx';

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

function Plain({ text }: { text: string }): ReactNode {
  const paragraphs = useMemo(() => text.split(BLANK_LINES), [text]);
  return paragraphs.map((paragraph, index) => <Paragraph key={index} text={paragraph} />);
}

/**
 * What a message says, as Markdown; raw HTML stays text. What renders Markdown is loaded when the first message needs it: until
 * then, and on a server, its words stand as they were written.
 */
export function MessageContent({ parts, className }: MessageContentProps): ReactNode {
  const { strings } = useChatContext('<MessageContent>');
  const text = useMemo(() => textOf(parts), [parts]);
  const renderMarkdown = useMarkdown(text);
  return (
    <div className={classes('lk-content', className)} dir="auto">
      {renderMarkdown?.({ text, breaks: true, strings }) ?? <Plain text={text} />}
    </div>
  );
}
