import { useSyncExternalStore } from 'react';

/** Where the open chat takes all of the page; the stylesheet says the same. */
const PHONE = '(width < 640px), (height < 480px)';

/** Where nothing can be asked (a server, jsdom), there is no phone. */
export function isPhone(): boolean {
  return typeof matchMedia === 'function' && matchMedia(PHONE).matches;
}

function subscribe(onChange: () => void): () => void {
  if (typeof matchMedia !== 'function') return () => {};
  const query = matchMedia(PHONE);
  query.addEventListener('change', onChange);
  return () => query.removeEventListener('change', onChange);
}

export function usePhone(): boolean {
  return useSyncExternalStore(subscribe, isPhone, () => false);
}
