import { problem } from '../token/problem.ts';
import type { Logger } from '../types.ts';
import { checkMetricsOptions, createMetricsHandler } from './createMetricsHandler.ts';
import { LazyMeter } from './LazyMeter.ts';
import type { MetricsOptions } from './MetricsOptions.ts';
import { silentMeter } from './Meter.ts';
import { PrometheusMeter } from './PrometheusMeter.ts';
import type { Telemetry } from './Telemetry.ts';
import { LazyTracer } from './Tracer.ts';

interface ServerTelemetry extends Telemetry {
  /** Answers `{base}/metrics`: 404 when metrics are off. */
  metrics(request: Request): Promise<Response>;
  /** Resolves when it is known whether the app traces. */
  readonly loaded: Promise<void>;
  close(): void;
}

/**
 * A server's telemetry: Prometheus figures if `metrics` is given, traces if the app has OpenTelemetry.
 * @throws {ChatError} `invalid_options`
 */
export function createTelemetry(metrics: MetricsOptions | undefined, logger: Logger): ServerTelemetry {
  if (metrics !== undefined) checkMetricsOptions(metrics);
  const tracer = new LazyTracer();
  const common = { tracer, loaded: tracer.loaded, stopwatch: () => performance.now() };
  if (metrics === undefined) {
    return { ...common, meter: silentMeter, metrics: () => Promise.resolve(problem('not_found')), close() {} };
  }
  const loading = PrometheusMeter.load();
  loading.catch((cause: unknown) => {
    logger.error('prom-client cannot be loaded, so there are no metrics.', { event: 'metrics.failed', cause });
  });
  return {
    ...common,
    meter: new LazyMeter(loading),
    metrics: createMetricsHandler(metrics, loading, logger),
    close: () => void loading.then((meter) => meter.close()).catch(() => {}),
  };
}
