import type { MarkedToken, Token, Tokens } from 'marked';
import { Fragment, type ReactNode } from 'react';
import { decodeEntities } from './entities.ts';
import type { ExtraToken } from '../../protocol/markdown/index.ts';
import { footnoteRef } from './Footnotes.tsx';
import { allowedImage, allowedLink } from './link-policy.ts';
import { useMarkdownContext, type MarkdownContextValue } from './MarkdownContext.ts';
import { Maths } from './Maths.tsx';

/** What stands within a line. No components of their own: while a line grows, each of its words would be one to look at per frame. */
export function inline(tokens: readonly Token[] | undefined, context: MarkdownContextValue): ReactNode {
  return tokens?.map((token, index) => span(token as MarkedToken | ExtraToken, context, index));
}

function span(token: MarkedToken | ExtraToken, context: MarkdownContextValue, key: number): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong key={key}>{inline(token.tokens, context)}</strong>;
    case 'em':
      return <em key={key}>{inline(token.tokens, context)}</em>;
    case 'del':
      return <del key={key}>{inline(token.tokens, context)}</del>;
    case 'codespan':
      return (
        <code key={key} className="lk-code">
          {token.text}
        </code>
      );
    case 'br':
      return <br key={key} />;
    case 'link':
      return link(token, context, key);
    case 'image':
      return <Picture key={key} src={address(token)} alt={wordsOf(token.tokens)} title={token.title} />;
    case 'checkbox':
      return <input key={key} type="checkbox" className="lk-task" checked={token.checked} disabled readOnly />;
    case 'maths':
      return (
        <span key={key} className="lk-maths">
          <Maths text={token.text} />
        </span>
      );
    case 'footnote':
      return footnoteRef(token, context, key);
    case 'escape':
      return token.text;
    case 'text':
      return token.tokens ? inline(token.tokens, context) : words(decodeEntities(token.text), context, key);
    default:
      return token.raw;
  }
}

function words(text: string, context: MarkdownContextValue, key: number): ReactNode {
  return context.words ? <Fragment key={key}>{context.words(text)}</Fragment> : text;
}

function link(token: Tokens.Link, context: MarkdownContextValue, key: number): ReactNode {
  const href = allowedLink(address(token), context.policy);
  const inner = inline(token.tokens, context);
  if (href === null) return inner;
  return (
    <a key={key} href={href} title={decodeTitle(token.title)} target="_blank" rel="noopener noreferrer">
      {inner}
    </a>
  );
}

function Picture({ src, alt, title }: { src: string; alt: string; title: string | null }): ReactNode {
  const { policy } = useMarkdownContext();
  const allowed = allowedImage(src, policy);
  if (allowed !== null) {
    return (
      <img
        className="lk-picture"
        src={allowed}
        alt={alt}
        title={decodeTitle(title)}
        loading="lazy"
        referrerPolicy="no-referrer"
      />
    );
  }
  // Not loaded, so that an address made of what the text holds tells nobody anything; who wants to see it can.
  const link = allowedLink(src, policy);
  return link === null ? (
    <Fragment>{alt}</Fragment>
  ) : (
    <a href={link} target="_blank" rel="noopener noreferrer">
      {alt || src}
    </a>
  );
}

function decodeTitle(title: string | null | undefined): string | undefined {
  return title ? decodeEntities(title) : undefined;
}

/** The address as it is asked for: CommonMark 0.31, 6.3. */
function address({ href, autolink }: { href: string; autolink?: boolean }): string {
  const decoded = autolink ? href : decodeEntities(href);
  try {
    return encodeURI(decoded).replace(/%25(?=[0-9a-fA-F]{2})/g, '%');
  } catch {
    return decoded; // Half a surrogate pair.
  }
}

/** What a picture shows, in words: those of its description without their marks. */
function wordsOf(tokens: readonly Token[] | undefined): string {
  return (tokens ?? [])
    .map((token) => {
      const {
        type,
        tokens: inner,
        text,
        raw,
      } = token as { type: string; tokens?: Token[]; text?: string; raw: string };
      return inner && inner.length > 0 ? wordsOf(inner) : type === 'br' ? ' ' : decodeEntities(text ?? raw);
    })
    .join('');
}
