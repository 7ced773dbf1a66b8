import type { MarkedToken, Token } from 'marked';
import { Fragment, type ReactNode } from 'react';
import { decodeEntities } from './entities.ts';
import type { ExtraToken } from '../../protocol/markdown/index.ts';
import { FootnoteRef } from './Footnotes.tsx';
import { allowedImage, allowedLink } from './link-policy.ts';
import { useMarkdownContext } from './MarkdownContext.ts';
import { Maths } from './Maths.tsx';

/** What stands within a line. */
export function Inline({ tokens }: { tokens: readonly Token[] | undefined }): ReactNode {
  return tokens?.map((token, index) => <Span key={index} token={token as MarkedToken | ExtraToken} />);
}

function Span({ token }: { token: MarkedToken | ExtraToken }): ReactNode {
  switch (token.type) {
    case 'strong':
      return (
        <strong>
          <Inline tokens={token.tokens} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <Inline tokens={token.tokens} />
        </em>
      );
    case 'del':
      return (
        <del>
          <Inline tokens={token.tokens} />
        </del>
      );
    case 'codespan':
      return <code className="lk-code">{token.text}</code>;
    case 'br':
      return <br />;
    case 'link':
      return <Link href={address(token)} title={token.title} tokens={token.tokens} />;
    case 'image':
      return <Picture src={address(token)} alt={wordsOf(token.tokens)} title={token.title} />;
    case 'checkbox':
      return <input type="checkbox" className="lk-task" checked={token.checked} disabled readOnly />;
    case 'maths':
      return <Maths text={token.text} />;
    case 'footnote':
      return <FootnoteRef token={token} />;
    case 'escape':
      return token.text;
    case 'text':
      return token.tokens ? <Inline tokens={token.tokens} /> : <Words text={decodeEntities(token.text)} />;
    default:
      return token.raw;
  }
}

function Words({ text }: { text: string }): ReactNode {
  const { words } = useMarkdownContext();
  return words ? words(text) : text;
}

interface LinkProps {
  href: string;
  title: string | null | undefined;
  tokens: readonly Token[];
}

function Link({ href, title, tokens }: LinkProps): ReactNode {
  const { policy } = useMarkdownContext();
  const allowed = allowedLink(href, policy);
  if (allowed === null) return <Inline tokens={tokens} />;
  return (
    <a href={allowed} title={decodeTitle(title)} target="_blank" rel="noopener noreferrer">
      <Inline tokens={tokens} />
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
