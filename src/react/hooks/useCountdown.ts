import { useEffect, useState } from 'react';

/** Whole seconds until a wall-clock time, ms since 1970; null without one. */
export function useCountdown(until: number | null): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    if (until === null) return undefined;
    const tick = () => setNow(Date.now());
    const first = setTimeout(tick, 0);
    const timer = setInterval(tick, 1_000);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [until]);
  return until === null || now === null ? null : Math.max(0, Math.ceil((until - now) / 1_000));
}
