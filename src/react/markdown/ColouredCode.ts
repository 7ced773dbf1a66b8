import { createElement, useEffect, useState, type ReactNode } from 'react';
import { whenIdle } from '../when-idle.ts';
import type { Drawable } from './Portals.ts';
import type { Coloured } from './highlight.ts';

/** Code is in colours by then, however busy the page is, ms. */
const SOON_MS = 1_000;
/** Longer code stays plain: nobody reads it for its colours, and marking it up would hold the page. */
const MAX_LENGTH = 50_000;
/** Lines per element: a text node that grows is laid out anew as a whole. */
const CHUNK_LINES = 32;

interface Code {
  text: string;
  language: string;
}

/** Code that is whole: in colours once its language has been loaded, and plain until then. Drawn without React, for it is many small nodes. */
export const ColouredCode: Drawable<Code> = ({ text, language }) => {
  const [done, setDone] = useState<(Code & { nodes: ReactNode }) | null>(null);
  useEffect(
    () => whenColoured({ text, language }, (found) => setDone({ text, language, nodes: found.map(toReact) })),
    [text, language],
  );
  return done?.text === text && done.language === language ? done.nodes : plainCode(text);
};

ColouredCode.draw = (host, code) => {
  host.replaceChildren(...plain(code.text).map(toNode));
  return whenColoured(code, (found) => host.replaceChildren(...found.map(toNode)));
};

/** Code without colours. */
export function plainCode(text: string): ReactNode {
  return plain(text).map(toReact);
}

/** Works when the page has nothing else to do. Gives what stops it. */
function whenColoured({ text, language }: Code, then: (found: Coloured[]) => void): () => void {
  if (language === '' || text.length > MAX_LENGTH) return () => {};
  let isWanted = true;
  const cancel = whenIdle(() => {
    import('./highlight.ts')
      .then(({ highlight }) => highlight(text, language))
      .then((found) => {
        if (isWanted && found !== null) then(found);
      })
      .catch(() => {}); // A chunk that could not be loaded leaves the code as it is.
  }, SOON_MS);
  return () => {
    isWanted = false;
    cancel();
  };
}

function toReact(of: Coloured, key: number): ReactNode {
  return typeof of === 'string'
    ? of
    : createElement('span', { key, className: of.className }, ...of.children.map(toReact));
}

function toNode(of: Coloured): Node | string {
  if (typeof of === 'string') return of;
  const span = document.createElement('span');
  span.className = of.className;
  span.append(...of.children.map(toNode));
  return span;
}

function plain(text: string): Coloured[] {
  const result: Coloured[] = [];
  const add = (lines: string) => result.push({ className: 'lk-code-lines', children: [lines] });
  let from = 0;
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    lines += 1;
    if (lines % CHUNK_LINES > 0) continue;
    add(text.slice(from, at + 1));
    from = at + 1;
  }
  if (from < text.length) add(text.slice(from));
  return result;
}
