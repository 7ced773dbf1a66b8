import type { Clock } from '../clock.ts';
import type { Fanout } from '../fanout/Fanout.ts';
import { silentMeter } from './Meter.ts';
import type { Telemetry } from './Telemetry.ts';

/** The same fan-out, with the time that each new message took to whoever listens. */
export function observeFanout(fanout: Fanout, { meter }: Telemetry, clock: Clock): Fanout {
  if (meter === silentMeter) return fanout;
  return {
    publish: (topic, event) => fanout.publish(topic, event),
    subscribe: (topic, listener) =>
      fanout.subscribe(topic, (event) => {
        if (event.type === 'message.created') {
          const lagMs = clock.now() - event.message.createdAt;
          // The clocks of two nodes may differ, and less than nothing is no time.
          meter.observe('latchkit_fanout_lag_seconds', {}, Math.max(0, lagMs) / 1000);
        }
        listener(event);
      }),
    mayBeHeard: (topic) => fanout.mayBeHeard?.(topic) ?? true,
    close: () => fanout.close(),
  };
}
