import { useEffect, useMemo, useState, type ReactNode } from 'react';

type RenderMaths = (tex: string, display: boolean) => ReactNode;

/** Longer is no formula, and TeX is a language that one can keep a page busy with. */
const MAX_LENGTH = 5_000;

let loaded: RenderMaths | null = null;

/** A formula. What sets it is loaded with the first one; until then, and for what is no TeX, its source stands there. */
export function Maths({ text, display = false }: { text: string; display?: boolean }): ReactNode {
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
  return formula ?? <code className="lk-code">{text}</code>;
}
