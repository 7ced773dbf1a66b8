interface Bounds {
  /** Of its JSON, in UTF-16 code units. */
  length: number;
  /** How far objects and lists may go into each other; 0: there are none. */
  depth: number;
}

/** Whether a value can be sent as JSON, and is not too much of it. */
export function isBoundedJson(value: unknown, { length, depth }: Bounds): boolean {
  let json: unknown;
  try {
    // Of nothing, and of a function, there is no JSON; what goes round in circles throws.
    json = JSON.stringify(value);
  } catch {
    return false;
  }
  return typeof json === 'string' && json.length <= length && isShallow(value, depth);
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((each) => isShallow(each, depth - 1));
}
