const MINUTE_MS = 60_000;
const UNITS = [
  { unit: 'day', ms: 24 * 60 * MINUTE_MS },
  { unit: 'hour', ms: 60 * MINUTE_MS },
  { unit: 'minute', ms: MINUTE_MS },
] as const;

/** How long, in its largest unit, short: `5 min`, `2 hr`. Less than a minute is none yet: `0 min`. */
export function formatDuration(ms: number, locale: string | undefined): string {
  const { unit, ms: size } = UNITS.find((each) => ms >= each.ms) ?? UNITS[2];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(Math.floor(ms / size));
}
