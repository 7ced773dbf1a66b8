import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useMarkdownContext } from './MarkdownContext.ts';

type RenderMaths = (tex: string, display: boolean) => ReactNode;

/** Longer is no formula, and TeX is a language that one can keep a page busy with. */
const MAX_LENGTH = 5_000;

let loaded: RenderMaths | null = null;

/** A formula. What sets it is loaded with the first one; until then, and for what is no TeX, its source stands there. */
export function Maths({ text, display = false }: { text: string; display?: boolean }): ReactNode {
  const { strings } = useMarkdownContext();
  const [render, setRender] = useState(() => loaded);
  useEffect(() => {
    if (render) return undefined;
    let mounted = true;
    import('./maths.ts').then(
      ({ renderMaths }) => {
        loaded = renderMaths;
        if (mounted) setRender(() => renderMaths);
      },
      () => {}, // The source can be read.
    );
    return () => {
      mounted = false;
    };
  }, [render]);
  const formula = useMemo(() => {
    if (!render || text.length > MAX_LENGTH) return null;
    try {
      return render(text, display);
    } catch {
      return null;
    }
  }, [render, text, display]);
  const shown = formula ?? <code className="lk-code">{text}</code>;
  if (!display) return <span className="lk-maths">{shown}</span>;
  return (
    // It may be wider than a message: it scrolls by itself, also by keyboard.
    <div className="lk-maths" data-display="true" tabIndex={0} role="group" aria-label={strings.mathsLabel}>
      {shown}
    </div>
  );
}
