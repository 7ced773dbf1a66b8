import { useEffect, useState } from 'react';

/** Midnight of today, or of another day so many after it, ms since 1970. */
export const startOfDay = (offset = 0): number => {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + offset).getTime();
};

/** Midnight of today, ms since 1970; moves on at midnight, so that “Today” does not grow stale in an open window. */
export function useDay(): number {
  const [today, setToday] = useState(() => startOfDay(0));
  useEffect(() => {
    // One second late: a timer may fire a moment early.
    const timer = setTimeout(() => setToday(startOfDay(0)), Math.max(0, startOfDay(1) - Date.now()) + 1_000);
    return () => clearTimeout(timer);
  }, [today]);
  return today;
}
