import Check from 'lucide/dist/esm/icons/check.mjs';
import Copy from 'lucide/dist/esm/icons/copy.mjs';
import type { Tokens } from 'marked';
import { useState, type ReactNode } from 'react';
import { useMarkdownContext, type MarkdownContextValue } from './MarkdownContext.ts';
import { useHighlight } from './useHighlight.ts';
import { Icon } from '../components/parts/Icon.tsx';

/** Lines per element: a text node that grows is laid out anew as a whole. */
const CHUNK_LINES = 32;
const COPIED_MS = 2_000;

/** While it is open, more may come: it is highlighted and copied only when it is closed. */
export function codeBlock(token: Tokens.Code, { strings }: MarkdownContextValue, key: number): ReactNode {
  const { text } = token;
  const language = token.lang?.split(/\s/, 1)[0] ?? '';
  const isOpen = 'open' in token;
  return (
    <figure key={key} className="lk-code-block">
      <figcaption>
        <span>{language}</span>
        {!isOpen && <CopyButton text={text} />}
      </figcaption>
      <pre tabIndex={0} aria-label={strings.codeLabel(language)} dir="ltr">
        <code>{isOpen ? plain(text) : <Coloured text={text} language={language} />}</code>
      </pre>
    </figure>
  );
}

function Coloured({ text, language }: { text: string; language: string }): ReactNode {
  return useHighlight(text, language) ?? plain(text);
}

function plain(text: string): ReactNode {
  return chunks(text).map((lines, index) => (
    <span key={index} className="lk-code-lines">
      {lines}
    </span>
  ));
}

function chunks(text: string): string[] {
  const result: string[] = [];
  let from = 0;
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    lines += 1;
    if (lines % CHUNK_LINES > 0) continue;
    result.push(text.slice(from, at + 1));
    from = at + 1;
  }
  if (from < text.length) result.push(text.slice(from));
  return result;
}

function CopyButton({ text }: { text: string }): ReactNode {
  const { strings } = useMarkdownContext();
  const [copied, setCopied] = useState(false);
  const copy = () => {
    // Denied without a secure page or permission: the code can still be selected.
    navigator.clipboard?.writeText(text).then(
      () => {
        setCopied(true);
        setTimeout(() => setCopied(false), COPIED_MS);
      },
      () => {},
    );
  };
  return (
    <button
      type="button"
      className="lk-icon-button"
      onClick={copy}
      aria-label={copied ? strings.codeCopied : strings.copyCode}
    >
      {copied ? <Icon of={Check} size={14} /> : <Icon of={Copy} size={14} />}
    </button>
  );
}
