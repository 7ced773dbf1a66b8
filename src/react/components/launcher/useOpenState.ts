import { useMemo, useState, useSyncExternalStore } from 'react';
import { isPhone } from './usePhone.ts';

/** Storage can be forbidden, or full: the chat then opens all the same, and is not remembered. */
function read(key: string): boolean {
  try {
    return localStorage.getItem(key) === '1';
  } catch {
    return false;
  }
}

function write(key: string, open: boolean): void {
  try {
    if (open) localStorage.setItem(key, '1');
    else localStorage.removeItem(key);
  } catch {
    // see read()
  }
}

export interface OpenState {
  open: boolean;
  /** Whether it was the person, and not the last page's memory, that opened it. */
  byPerson: boolean;
}

const never = () => () => {};

/** Whether the launcher is open, remembered under `key` (null: not at all). Closed at first, as a server renders it. */
export function useOpenState(key: string | null): [OpenState, (open: boolean) => void] {
  const [chosen, setChosen] = useState<{ key: string | null; open: boolean } | null>(null);
  // Read once per key: what is written while the page is open comes from this very state.
  const remembered = useMemo(() => {
    let value: boolean | undefined;
    // A chat over all of a phone's page that nobody asked for on this page would be in the way.
    return () => (value ??= key !== null && read(key) && !isPhone());
  }, [key]);
  const openBefore = useSyncExternalStore(never, remembered, () => false);
  const change = (open: boolean) => {
    setChosen({ key, open });
    if (key !== null) write(key, open);
  };
  const byPerson = chosen !== null && chosen.key === key;
  return [{ open: byPerson ? chosen.open : openBefore, byPerson }, change];
}
