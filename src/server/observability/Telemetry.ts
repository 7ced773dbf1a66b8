import { silentMeter, type Meter } from './Meter.ts';
import { silentTracer, type Tracer } from './Tracer.ts';

/** Where figures and traces go. */
export interface Telemetry {
  readonly meter: Meter;
  readonly tracer: Tracer;
  /** For how long something took, ms: only goes forward, and finer than the wall clock. */
  readonly stopwatch: () => number;
}

/** For a gateway that nobody watches. */
export const silentTelemetry: Telemetry = {
  meter: silentMeter,
  tracer: silentTracer,
  stopwatch: () => performance.now(),
};
