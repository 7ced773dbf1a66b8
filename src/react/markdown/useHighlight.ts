import { useEffect, useState, type ReactNode } from 'react';
import { whenIdle } from '../when-idle.ts';

/** Code is in colours by then, however busy the page is, ms. */
const SOON_MS = 1_000;
/** Longer code stays plain: nobody reads it for its colours, and marking it up would hold the page. */
const MAX_LENGTH = 50_000;

interface Highlighted {
  text: string;
  language: string;
  nodes: ReactNode;
}

/** The code in colours once its language has been loaded, else null. Works when the page has nothing else to do. */
export function useHighlight(text: string, language: string): ReactNode | null {
  const [done, setDone] = useState<Highlighted | null>(null);
  useEffect(() => {
    if (language === '' || text.length > MAX_LENGTH) return;
    let wanted = true;
    const cancel = whenIdle(() => {
      import('./highlight.ts')
        .then(({ highlight }) => highlight(text, language))
        .then((nodes) => {
          if (wanted && nodes !== null) setDone({ text, language, nodes });
        })
        .catch(() => {}); // A chunk that could not be loaded leaves the code as it is.
    }, SOON_MS);
    return () => {
      wanted = false;
      cancel();
    };
  }, [text, language]);
  return done?.text === text && done.language === language ? done.nodes : null;
}
