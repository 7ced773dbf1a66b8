import { useState } from 'react';

export function shallowEqual(a: object, b: object): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.is(Reflect.get(a, key), Reflect.get(b, key)));
}

/** Keeps the first of two objects with the same contents, so that an object written inline re-renders nothing. */
export function useStable<T extends object | undefined>(value: T): T {
  const [kept, setKept] = useState(value);
  if (kept === value || (kept && value && shallowEqual(kept, value))) return kept;
  setKept(value);
  return value;
}
