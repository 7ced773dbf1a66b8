import type * as Prometheus from 'prom-client';
import { METRICS, type CounterName, type GaugeName, type HistogramName, type LabelsOf, type Meter } from './Meter.ts';

/** Figures for Prometheus to scrape, in a registry of their own: the app's default one stays as it is. */
export class PrometheusMeter implements Meter {
  readonly #registry: Prometheus.Registry;
  readonly #counters = new Map<string, Prometheus.Counter>();
  readonly #gauges = new Map<string, Prometheus.Gauge>();
  readonly #histograms = new Map<string, Prometheus.Histogram>();

  private constructor({ Counter, Gauge, Histogram, Registry, collectDefaultMetrics }: typeof Prometheus) {
    this.#registry = new Registry();
    const registers = [this.#registry];
    for (const [name, entry] of Object.entries(METRICS)) {
      const { help, labels: labelNames } = entry;
      if (entry.kind === 'counter') this.#counters.set(name, new Counter({ name, help, labelNames, registers }));
      if (entry.kind === 'gauge') this.#gauges.set(name, new Gauge({ name, help, labelNames, registers }));
      if (entry.kind === 'histogram') {
        const buckets = [...entry.buckets];
        this.#histograms.set(name, new Histogram({ name, help, labelNames, registers, buckets }));
      }
    }
    // Of the process: memory, event loop, garbage collection, file handles.
    collectDefaultMetrics({ register: this.#registry });
  }

  /** Its library is loaded here, so that only who wants figures pays for it. */
  static async load(): Promise<PrometheusMeter> {
    return new PrometheusMeter(await import('prom-client'));
  }

  count<N extends CounterName>(name: N, labels: LabelsOf<N>): void {
    this.#counters.get(name)?.inc(labels);
  }

  move<N extends GaugeName>(name: N, labels: LabelsOf<N>, by: 1 | -1): void {
    this.#gauges.get(name)?.inc(labels, by);
  }

  observe<N extends HistogramName>(name: N, labels: LabelsOf<N>, seconds: number): void {
    this.#histograms.get(name)?.observe(labels, seconds);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** In the text format. */
  expose(): Promise<string> {
    return this.#registry.metrics();
  }

  close(): void {
    this.#registry.clear();
  }
}
