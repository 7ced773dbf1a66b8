import { createContext, useContext, useMemo, useState } from 'react';
import { loader, type Loader } from '../loader.ts';
import { useLatest } from './useLatest.ts';

type LoadStyles = () => Promise<unknown>;

/**
 * What parts that are loaded later wait for beside their code; null where the page has all styles. A context of its own: by ChatContext,
 * which brings the registry of errors, that registry becomes a file of its own in an app's bundle, and the first load 0.5 kB larger.
 */
export const LaterStyles = /* @__PURE__ */ createContext<Loader<true> | null>(null);

/** Asks for the sheet of a link once more: a copy of it in its place. */
const askAgain = (link: HTMLLinkElement): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const copy = link.cloneNode() as HTMLLinkElement;
    copy.onload = resolve;
    copy.onerror = reject;
    link.replaceWith(copy);
  });

/**
 * What loads the styles, and again where they could not be loaded: an app's bundler may leave its `<link>` that failed in the page, and take
 * it for one that is there from then on (Vite does). It is the link then that is asked for again.
 */
function retrying(load: () => Promise<unknown> | undefined): () => Promise<true> {
  let dead: HTMLLinkElement[] = [];
  return async () => {
    const failed: HTMLLinkElement[] = [];
    const onError = ({ target }: Event) => {
      if (target instanceof HTMLLinkElement && target.rel === 'stylesheet') failed.push(target);
    };
    document.addEventListener('error', onError, true);
    try {
      await (dead.length > 0 ? Promise.all(dead.map(askAgain)) : load());
      return true;
    } catch (error) {
      dead = failed.filter(({ isConnected }) => isConnected);
      throw error;
    } finally {
      document.removeEventListener('error', onError, true);
    }
  };
}

/** What a provider gives to its parts. */
export function useStylesLoader(loadStyles: LoadStyles | undefined): Loader<true> | null {
  const latest = useLatest(loadStyles);
  const [styles] = useState(() => loader(retrying(() => latest.current?.())));
  return loadStyles ? styles : null;
}

/** The same with the styles that an app loads later, where it does: there once both are. */
export function useWithStyles<Loaded>(part: Loader<Loaded>): Loader<Loaded> {
  const styles = useContext(LaterStyles);
  return useMemo(
    () =>
      styles === null
        ? part
        : {
            get: () => styles.get() && part.get(),
            fetch: async () => void (await Promise.all([part.fetch(), styles.fetch()])),
          },
    [part, styles],
  );
}
