import { Fragment, useCallback, useMemo, type ReactNode } from 'react';
import { mentionsOf, textOf, type Mention } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useMarkdown } from '../../markdown/useMarkdown.ts';
import { mentionText } from './MentionText.tsx';
import { linkify } from './linkify.ts';
import type { MessageContentProps } from '../types.ts';
import { classes } from '../parts/useRoot.tsx';

// Block by block: one text node that holds ten thousand characters costs seconds of layout when it changes.
const BLANK_LINES = /\n[^\S\n]*(?:\n[^\S\n]*)+/u;

interface WordsProps {
  text: string;
  mentions: readonly Mention[];
}

function Paragraph({ text, mentions }: WordsProps): ReactNode {
  const { userId } = useChatContext('<MessageContent>');
  return (
    <p className="lk-paragraph">
      {linkify(text).map((span, index) =>
        span.kind === 'text' ? (
          <Fragment key={index}>{mentionText(span.text, mentions, userId)}</Fragment>
        ) : (
          <a key={index} href={span.href} target="_blank" rel="noopener noreferrer">
            {span.text}
          </a>
        ),
      )}
    </p>
  );
}

function Plain({ text, mentions }: WordsProps): ReactNode {
  const paragraphs = useMemo(() => text.split(BLANK_LINES), [text]);
  return paragraphs.map((paragraph, index) => <Paragraph key={index} text={paragraph} mentions={mentions} />);
}

/**
 * What a message says, as Markdown; raw HTML stays text. What renders Markdown is loaded when the first message needs it: until
 * then, and on a server, its words stand as they were written.
 */
export function MessageContent({ parts, className }: MessageContentProps): ReactNode {
  const { strings, userId, links } = useChatContext('<MessageContent>');
  const text = useMemo(() => textOf(parts), [parts]);
  const mentions = useMemo(() => mentionsOf(parts), [parts]);
  const words = useCallback((part: string) => mentionText(part, mentions, userId), [mentions, userId]);
  const renderMarkdown = useMarkdown(text);
  return (
    <div className={classes('lk-content', className)} dir="auto">
      {renderMarkdown?.({ text, words, breaks: true, policy: links, strings }) ?? (
        <Plain text={text} mentions={mentions} />
      )}
    </div>
  );
}
