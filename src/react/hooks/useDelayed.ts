import { useEffect, useState } from 'react';

/** `value`, but `true` only once it has been true for `ms`: what is over sooner is never shown. */
export function useDelayed(value: boolean, ms: number): boolean {
  const [due, setDue] = useState(false);
  if (!value && due) setDue(false);
  useEffect(() => {
    if (!value) return undefined;
    const timer = setTimeout(() => setDue(true), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return value && due;
}
