/**
 * Reads one value that came from outside, or throws where it is of another kind. Kinds and names are what a page must be sure of; how
 * long and how large things may be, the server sees to. So light because it is in every page: the whole schemas stay on the server, and
 * a property test keeps the two in agreement.
 */
export type Reader<T> = (value: unknown) => T;

export const string: Reader<string> = (value) => (typeof value === 'string' ? value : unreadable());
export const number: Reader<number> = (value) => (typeof value === 'number' ? value : unreadable());
export const boolean: Reader<boolean> = (value) => (typeof value === 'boolean' ? value : unreadable());

export const anything: Reader<unknown> = (value) => value;

export function orNull<T>(read: Reader<T>): Reader<T | null> {
  return (value) => (value === null ? null : read(value));
}

export function optional<T>(read: Reader<T>): Reader<T | undefined> {
  return (value) => (value === undefined ? undefined : read(value));
}

/** One of the words that this version knows; a newer server's is taken for `otherwise`. */
export function wordOf<T extends string>(known: readonly T[], otherwise: T): Reader<T> {
  return (value) => (known.includes(value as T) ? (value as T) : otherwise);
}

/** One of these words and no other. */
export function oneOf<T extends string>(known: readonly T[]): Reader<T> {
  return (value) => (known.includes(value as T) ? (value as T) : unreadable());
}

/** Names that mean something in every object: as the schemas do, nobody reads them. */
const RESERVED = new Set(['__proto__', 'prototype', 'constructor']);

/** An object of any names. */
export function recordOf<T>(read: Reader<T>): Reader<Record<string, T>> {
  return (value) => {
    const entries = Object.entries(asObject(value)).filter(([name]) => !RESERVED.has(name));
    return Object.fromEntries(entries.map(([name, item]) => [name, read(item)]));
  };
}

export function listOf<T>(read: Reader<T>): Reader<T[]> {
  return (value) => (Array.isArray(value) ? value.map(read) : unreadable());
}

/** Leaves out what this version cannot read, and keeps the rest. */
export function readableOf<T>(read: Reader<T>): Reader<T[]> {
  return (value) => (Array.isArray(value) ? value.flatMap((item) => attempt(read, item) ?? []) : unreadable());
}

/** An object with these fields; others, which a newer server may add, are left out. */
export function shape<T extends object>(fields: { [K in keyof T]-?: Reader<T[K]> }): Reader<T> {
  return (value) => {
    const from = asObject(value);
    const read: Partial<T> = {};
    for (const name in fields) {
      const field = fields[name](from[name]);
      if (field !== undefined) read[name] = field;
    }
    return read as T;
  };
}

/** An object whose `type` says which fields it has. */
export function variant<T extends { type: string }>(kinds: {
  [K in T['type']]: Reader<Omit<Extract<T, { type: K }>, 'type'>>;
}): Reader<T> {
  return (value) => {
    const { type } = asObject(value);
    if (typeof type !== 'string' || !Object.hasOwn(kinds, type)) return unreadable();
    return { type, ...kinds[type as T['type']](value) } as unknown as T;
  };
}

/** Null where the value cannot be read. */
export function attempt<T>(read: Reader<T>, value: unknown): T | null {
  try {
    return read(value);
  } catch {
    return null;
  }
}

export function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : unreadable();
}

function unreadable(): never {
  throw new TypeError('unreadable');
}
