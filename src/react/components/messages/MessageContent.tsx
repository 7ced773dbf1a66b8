import { Fragment, useCallback, useMemo, type ReactNode } from 'react';
import { mentionsOf, textOf, type Mention } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { hasMarks, useMarkdown } from '../../markdown/useMarkdown.ts';
import { mentionText } from './MentionText.tsx';
import { linkify } from './linkify.ts';
import type { MessageContentProps } from '../types.ts';
import { classes } from '../parts/classes.ts';

// Block by block: one text node that holds ten thousand characters costs seconds of layout when it changes.
const BLANK_LINES = /\n[^\S\n]*(?:\n[^\S\n]*)+/u;

/** Words with their links and mentions; most have neither, and are one string. */
function inlineOf(text: string, mentions: readonly Mention[], userId: string | null): ReactNode {
  const spans = linkify(text);
  if (spans.length < 2 && spans[0]?.kind !== 'link') return mentionText(text, mentions, userId);
  return spans.map((span, index) =>
    span.kind === 'text' ? (
      <Fragment key={index}>{mentionText(span.text, mentions, userId)}</Fragment>
    ) : (
      <a key={index} href={span.href} target="_blank" rel="noopener noreferrer">
        {span.text}
      </a>
    ),
  );
}

interface WordsProps {
  text: string;
  mentions: readonly Mention[];
  className: string;
}

/** Words as they were written. One paragraph is one element: most messages are, and a long list scrolls by hundreds of them. */
function Plain({ text, mentions, className }: WordsProps): ReactNode {
  const { userId } = useChatContext('<MessageContent>');
  const paragraphs = text.split(BLANK_LINES);
  if (paragraphs.length === 1) {
    return (
      <p className={`${className} lk-paragraph`} dir="auto">
        {inlineOf(text, mentions, userId)}
      </p>
    );
  }
  return (
    <div className={className} dir="auto">
      {paragraphs.map((paragraph, index) => (
        <p key={index} className="lk-paragraph">
          {inlineOf(paragraph, mentions, userId)}
        </p>
      ))}
    </div>
  );
}

function Marked({ text, mentions, className }: WordsProps): ReactNode {
  const { strings, userId, links } = useChatContext('<MessageContent>');
  const words = useCallback((part: string) => mentionText(part, mentions, userId), [mentions, userId]);
  const renderMarkdown = useMarkdown(text);
  if (!renderMarkdown) return <Plain text={text} mentions={mentions} className={className} />;
  return (
    <div className={className} dir="auto">
      {renderMarkdown({ text, words, breaks: true, policy: links, strings })}
    </div>
  );
}

/**
 * What a message says, as Markdown; raw HTML stays text. What renders Markdown is loaded when the first message needs it: until
 * then, and on a server, its words stand as they were written.
 */
export function MessageContent({ parts, className }: MessageContentProps): ReactNode {
  const text = useMemo(() => textOf(parts), [parts]);
  const mentions = useMemo(() => mentionsOf(parts), [parts]);
  const Words = hasMarks(text) ? Marked : Plain;
  return <Words text={text} mentions={mentions} className={classes('lk-content', className)} />;
}
