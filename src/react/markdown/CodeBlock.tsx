import Check from 'lucide/dist/esm/icons/check.mjs';
import Copy from 'lucide/dist/esm/icons/copy.mjs';
import type { Tokens } from 'marked';
import { useState, type ReactNode } from 'react';
import { ColouredCode, plainCode } from './ColouredCode.ts';
import { useMarkdownContext, type MarkdownContextValue } from './MarkdownContext.ts';
import { Icon } from '../components/parts/Icon.tsx';

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
        <code>{isOpen ? plainCode(text) : <ColouredCode text={text} language={language} />}</code>
      </pre>
    </figure>
  );
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
