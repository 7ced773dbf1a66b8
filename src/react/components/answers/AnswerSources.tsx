import type { ReactNode } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { numberIn } from '../../strings/forms.ts';
import { shownSource, type Source } from './source.ts';

/** What the answer draws upon, numbered in the order in which it came. */
export function AnswerSources({ sources }: { sources: readonly Source[] }): ReactNode {
  const { strings, locale } = useChatContext('<MessageItem>');
  if (sources.length === 0) return null;
  return (
    // By its name a list, and no landmark: a long conversation would have one for each answer.
    <ol className="lk-sources" role="list" aria-label={strings.sources}>
      {sources.map((source, index) => (
        <li key={index}>
          <span className="lk-source-number" aria-hidden="true">
            {numberIn(locale, index + 1)}
          </span>
          <SourceLink source={source} />
        </li>
      ))}
    </ol>
  );
}

function SourceLink({ source }: { source: Source }): ReactNode {
  const { links } = useChatContext('<MessageItem>');
  const { title, link } = shownSource(source, links);
  if (!link) return <span className="lk-source">{title}</span>;
  return (
    <a className="lk-source" href={link.href} title={link.href} target="_blank" rel="noopener noreferrer">
      {title}
      {link.host !== '' && title !== link.host && (
        <>
          {' '}
          <span className="lk-source-host">{link.host}</span>
        </>
      )}
    </a>
  );
}
