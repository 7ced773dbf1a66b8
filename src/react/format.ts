/** Dates and times in the reader's language. Formatters are kept: making one costs more than all that it formats. */
const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: string | undefined, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale ?? ''}|${name}`;
  let found = cache.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locale, options);
    cache.set(key, found);
  }
  return found;
}

/** `10:41`, or `10:41 AM` where that is the custom. */
export function formatTime(at: number, locale: string | undefined): string {
  return formatter(locale, 'time', { hour: 'numeric', minute: '2-digit' }).format(at);
}

/** The whole moment, for a title and for screen readers. */
export function formatMoment(at: number, locale: string | undefined): string {
  return formatter(locale, 'moment', { dateStyle: 'full', timeStyle: 'short' }).format(at);
}

/** The time of what is of today, else the day, too, and the year when it is another one. @param today midnight of today */
export function formatWhen(at: number, today: number, locale: string | undefined): string {
  if (at >= today) return formatTime(at, locale);
  if (new Date(at).getFullYear() !== new Date(today).getFullYear()) return formatMoment(at, locale);
  const parts = { weekday: 'long', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit' } as const;
  return formatter(locale, 'when', parts).format(at);
}

export interface DayWords {
  today: string;
  yesterday: string;
}

/** “Today”, “Yesterday”, a weekday with its date, and with the year when it is another one. @param today midnight of today */
export function formatDay(at: number, today: number, words: DayWords, locale: string | undefined): string {
  const day = new Date(at).toDateString();
  const now = new Date(today);
  if (day === now.toDateString()) return words.today;
  if (day === new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1).toDateString()) return words.yesterday;
  const sameYear = new Date(at).getFullYear() === now.getFullYear();
  return sameYear
    ? formatter(locale, 'day', { weekday: 'long', day: 'numeric', month: 'long' }).format(at)
    : formatter(locale, 'day-year', { day: 'numeric', month: 'long', year: 'numeric' }).format(at);
}

/** Short, for a list of conversations: the time today, the weekday in the last six days, else the date. */
export function formatShort(at: number, today: number, locale: string | undefined): string {
  if (at >= today) return formatTime(at, locale);
  const now = new Date(today);
  if (at >= new Date(now.getFullYear(), now.getMonth(), now.getDate() - 6).getTime()) {
    return formatter(locale, 'weekday', { weekday: 'short' }).format(at);
  }
  return new Date(at).getFullYear() === now.getFullYear()
    ? formatter(locale, 'date', { day: 'numeric', month: 'short' }).format(at)
    : formatter(locale, 'date-year', { day: 'numeric', month: 'short', year: 'numeric' }).format(at);
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** A file’s size: `812 byte`, `1.2 MB`. Thousands, as file managers count. */
export function formatBytes(bytes: number, locale: string | undefined): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && power > 0 ? 1 : 0,
  }).format(value);
}
