import type { ReactNode } from 'react';
import type { MessagePart, SourceDocumentPart, SourceUrlPart } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { numberIn } from '../../strings/forms.ts';

/** What the answer draws upon, numbered in the order in which it came. */
export function AnswerSources({ parts }: { parts: readonly MessagePart[] }): ReactNode {
  const { strings, locale } = useChatContext('<MessageItem>');
  const sources = parts.filter(
    (part): part is SourceUrlPart | SourceDocumentPart => part.type === 'source-url' || part.type === 'source-document',
  );
  if (sources.length === 0) return null;
  return (
    <section className="lk-sources" aria-label={strings.sources}>
      <ol>
        {sources.map((source, index) => (
          <li key={index}>
            <span className="lk-source-number" aria-hidden="true">
              {numberIn(locale, index + 1)}
            </span>
            <Source source={source} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Source({ source }: { source: SourceUrlPart | SourceDocumentPart }): ReactNode {
  if (source.type === 'source-document') return <span className="lk-source">{source.title}</span>;
  const address = webAddress(source.url);
  if (!address) return <span className="lk-source">{source.title ?? source.url}</span>;
  return (
    <a className="lk-source" href={address.href} title={address.href} target="_blank" rel="noopener noreferrer">
      {source.title ?? address.hostname}
      {source.title !== undefined && <span className="lk-source-host">{address.hostname}</span>}
    </a>
  );
}

/** Null for what a browser must not follow out of a model's mouth. */
function webAddress(url: string): URL | null {
  if (!URL.canParse(url)) return null;
  const address = new URL(url);
  return address.protocol === 'https:' || address.protocol === 'http:' ? address : null;
}
