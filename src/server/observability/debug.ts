import type { Logger } from '../types.ts';

/** What happens all the time: for the app's own logger, as `debug` where it has that, else as `info`. The console gets none of it. */
export function debug(logger: Logger, event: string, message: string, details: Record<string, unknown>): void {
  const fields = { event, ...details };
  if (logger.debug) logger.debug(message, fields);
  else logger.info(message, fields);
}
