import type { Logger } from './types.ts';

/** Tells the app of something. Nobody waits for it, and what it throws is logged. */
export function tellApp<T>(logger: Logger, name: string, hook: ((told: T) => unknown) | undefined, told: T): void {
  if (!hook) return;
  Promise.resolve(told)
    .then(hook)
    .catch((cause: unknown) => logger.error(`${name}() failed.`, { cause }));
}
