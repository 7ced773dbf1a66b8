import Check from 'lucide/dist/esm/icons/check.mjs';
import Copy from 'lucide/dist/esm/icons/copy.mjs';
import { memo, useState, type ReactNode } from 'react';
import { useMarkdownContext } from './MarkdownContext.ts';
import { useHighlight } from './useHighlight.ts';
import { Icon } from '../components/parts/Icon.tsx';

/** Lines per element: a text node that grows is laid out anew as a whole. */
const CHUNK_LINES = 32;
const COPIED_MS = 2_000;

interface CodeBlockProps {
  text: string;
  /** What stands behind the fence: a language first. */
  info: string;
  /** More may come: highlighted only when it is closed. */
  open: boolean;
}

export function CodeBlock({ text, info, open }: CodeBlockProps): ReactNode {
  const { strings } = useMarkdownContext();
  const language = info.split(/\s/, 1)[0] ?? '';
  const highlighted = useHighlight(text, open ? '' : language);
  return (
    <figure className="lk-code-block">
      <figcaption>
        <span>{language}</span>
        {!open && <CopyButton text={text} />}
      </figcaption>
      <pre tabIndex={0} aria-label={strings.codeLabel(language)} dir="ltr">
        <code>{highlighted ?? chunks(text).map((lines, index) => <Lines key={index} text={lines} />)}</code>
      </pre>
    </figure>
  );
}

const Lines = /* @__PURE__ */ memo(function Lines({ text }: { text: string }): ReactNode {
  return <span className="lk-code-lines">{text}</span>;
});

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
