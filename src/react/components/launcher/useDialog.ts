import type { RefObject } from 'react';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';

/**
 * Shows a `<dialog>` while mounted. Modal: in the top layer, the page behind it inert, by the browser itself. Else beside the page, by
 * its `open` attribute alone: `show()` would take the focus even when nobody asked for it.
 */
export function useDialog(dialog: RefObject<HTMLDialogElement | null>, modal: boolean, takesFocus: boolean): void {
  useIsomorphicLayoutEffect(() => {
    const element = dialog.current;
    if (!element) return undefined;
    if (modal) {
      element.showModal();
      // By an attribute: `:root:has(…)` would be asked at each element that comes anywhere, as many do while an answer grows.
      document.documentElement.dataset['lkCovered'] = '';
      // Its first button would be the one that closes it; a field would bring up the keyboard.
      element.focus();
    } else {
      element.setAttribute('open', '');
      if (takesFocus) element.focus();
    }
    return () => {
      if (modal) {
        element.close();
        delete document.documentElement.dataset['lkCovered'];
      } else {
        element.removeAttribute('open');
      }
    };
  }, [dialog, modal, takesFocus]);
}

/** A phone's keyboard covers the page without making it smaller: the dialog follows what is left to see. */
export function useVisibleArea(dialog: RefObject<HTMLDialogElement | null>, active: boolean): void {
  useIsomorphicLayoutEffect(() => {
    const element = dialog.current;
    const area = window.visualViewport;
    if (!element || !area || !active) return undefined;
    const follow = () => {
      element.style.setProperty('--lk-visible-top', `${area.offsetTop}px`);
      element.style.setProperty('--lk-visible-height', `${area.height}px`);
    };
    follow();
    area.addEventListener('resize', follow);
    area.addEventListener('scroll', follow);
    return () => {
      area.removeEventListener('resize', follow);
      area.removeEventListener('scroll', follow);
    };
  }, [dialog, active]);
}
