interface Operation {
  op: string;
  path: string;
  from?: string;
  value?: unknown;
}

/** All that RFC 6902 has. */
export const OPERATIONS: ReadonlySet<string> = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

type Container = Record<string, unknown> | unknown[];

/**
 * A document after a JSON Patch (RFC 6902). The document itself is not changed: a patch is applied as a whole or not at all.
 * @throws {Error} for a patch that does not fit
 */
export function applyPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw new Error('A patch is a list of operations.');
  return (patch as Operation[]).reduce(applyOperation, structuredClone(document));
}

function applyOperation(document: unknown, operation: Operation): unknown {
  const { op, path, from, value } = operation;
  switch (op) {
    case 'add':
      return add(document, path, structuredClone(value));
    case 'remove':
      return remove(document, path);
    case 'replace':
      return path === '' ? structuredClone(value) : add(remove(document, path), path, structuredClone(value));
    case 'move':
      if (path.startsWith(`${from ?? ''}/`)) throw new Error('A value cannot be moved into itself.');
      return move(document, from ?? '', path);
    case 'copy':
      return add(document, path, structuredClone(get(document, from ?? '')));
    case 'test':
      if (!isSame(get(document, path), value)) throw new Error(`The test of ${path} fails.`);
      return document;
    default:
      throw new Error(`There is no operation ${op}.`);
  }
}

function get(document: unknown, path: string): unknown {
  return pointer(path).reduce((value, key) => {
    const container = asContainer(value, path);
    const own = Array.isArray(container) ? indexIn(container, key, container.length - 1) : key;
    if (!Object.hasOwn(container, own)) throw new Error(`There is nothing at ${path}.`);
    return (container as Record<string | number, unknown>)[own];
  }, document);
}

function add(document: unknown, path: string, value: unknown): unknown {
  if (path === '') return value;
  const { container, key } = place(document, path);
  if (Array.isArray(container)) {
    const index = key === '-' ? container.length : indexIn(container, key, container.length);
    container.splice(index, 0, value);
  } else container[key] = value;
  return document;
}

function remove(document: unknown, path: string): unknown {
  get(document, path); // It must be there.
  if (path === '') return null;
  const { container, key } = place(document, path);
  if (Array.isArray(container)) container.splice(Number(key), 1);
  else delete container[key];
  return document;
}

function move(document: unknown, from: string, path: string): unknown {
  const value = get(document, from);
  return add(remove(document, from), path, value);
}

function place(document: unknown, path: string): { container: Container; key: string } {
  const keys = pointer(path);
  const key = keys.pop() ?? '';
  return { container: asContainer(get(document, keys.map((each) => `/${escaped(each)}`).join('')), path), key };
}

/** RFC 6901. */
function pointer(path: string): string[] {
  if (path === '') return [];
  if (!path.startsWith('/')) throw new Error(`${path} is no JSON Pointer.`);
  const keys = path
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (keys.includes('__proto__')) throw new Error('A patch does not reach into prototypes.');
  return keys;
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function indexIn(container: unknown[], key: string, most: number): number {
  const index = /^(?:0|[1-9]\d*)$/.test(key) ? Number(key) : NaN;
  if (!(index <= most)) throw new Error(`${key} is no place in a list of ${container.length}.`);
  return index;
}

function asContainer(value: unknown, path: string): Container {
  if (typeof value !== 'object' || value === null) throw new Error(`There is nothing at ${path}.`);
  return value as Container;
}

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame((a as never)[key], (b as never)[key]))
  );
}
