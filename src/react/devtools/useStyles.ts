import { useLayoutEffect, type RefObject } from 'react';
import { STYLES } from './styles.ts';

interface Adopted {
  sheet: CSSStyleSheet;
  holders: number;
}

/** Per document, or shadow root: a constructed sheet belongs to the document that it was made in. */
const adopted = new WeakMap<Document | ShadowRoot, Adopted>();

/**
 * Brings the devtools' styles while they are mounted. A constructed sheet, because a stylesheet of their own would be one more import
 * to forget, a `<style>` element would need a nonce under a strict Content-Security-Policy (which does not concern constructed sheets),
 * and inline styles know no `:hover`, `:focus-visible` or layer.
 */
export function useStyles(root: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const node = root.current?.getRootNode() as Document | ShadowRoot | undefined;
    const view = root.current?.ownerDocument.defaultView;
    // A test's DOM has no constructed sheets, and needs none.
    if (!node || !view || !('adoptedStyleSheets' in node)) return undefined;
    let own = adopted.get(node);
    if (!own) {
      const sheet = new view.CSSStyleSheet();
      sheet.replaceSync(STYLES);
      adopted.set(node, (own = { sheet, holders: 0 }));
    }
    const { sheet } = own;
    own.holders += 1;
    if (own.holders === 1) node.adoptedStyleSheets = [...node.adoptedStyleSheets, sheet];
    return () => {
      own.holders -= 1;
      if (own.holders === 0) node.adoptedStyleSheets = node.adoptedStyleSheets.filter((each) => each !== sheet);
    };
  }, [root]);
}
