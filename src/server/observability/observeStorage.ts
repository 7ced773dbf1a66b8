import type { ChatStorage } from '../storage/ChatStorage.ts';
import { silentMeter } from './Meter.ts';
import type { Telemetry } from './Telemetry.ts';
import { codeOf } from './Tracer.ts';

/** What is not asked of it while people chat. */
const UNWATCHED: ReadonlySet<string> = new Set(['migrate', 'close']);

/** The same storage, each operation timed and traced under its name. The arguments are seen by nobody. */
export function observeStorage(storage: ChatStorage, { meter, tracer, stopwatch }: Telemetry): ChatStorage {
  if (meter === silentMeter && !tracer.active) return storage;
  const watched = new Map<string | symbol, unknown>();

  function watch(operation: string, call: (...args: unknown[]) => unknown) {
    return (...args: unknown[]) =>
      tracer.span(`latchkit storage.${operation}`, 'client', { 'db.operation.name': operation }, async () => {
        const begun = stopwatch();
        let outcome = 'ok';
        try {
          return await call(...args);
        } catch (error) {
          outcome = codeOf(error);
          throw error;
        } finally {
          meter.observe('latchkit_storage_seconds', { operation, outcome }, (stopwatch() - begun) / 1000);
        }
      });
  }

  return new Proxy(storage, {
    get(target, name) {
      const known = watched.get(name);
      if (known !== undefined) return known;
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      // Bound: what is behind it has private fields, which a proxy has not.
      const bound = (value as (...args: unknown[]) => unknown).bind(target);
      const own = typeof name === 'symbol' || UNWATCHED.has(name) ? bound : watch(name, bound);
      watched.set(name, own);
      return own;
    },
  });
}
