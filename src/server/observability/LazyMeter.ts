import type { CounterName, GaugeName, HistogramName, LabelsOf, Meter } from './Meter.ts';

/** More than happens within the moments that loading takes. */
const MAX_WAITING = 100_000;

/** Keeps what is counted until its meter is loaded, so that a gauge starts from the truth. */
export class LazyMeter implements Meter {
  #meter: Meter | null = null;
  #waiting: ((meter: Meter) => void)[] = [];

  /** @param loading rejects when there is no such meter: then nothing is kept any more */
  constructor(loading: Promise<Meter>) {
    loading.then(
      (meter) => {
        this.#meter = meter;
        for (const call of this.#waiting.splice(0)) call(meter);
      },
      () => {
        this.#meter = { count() {}, move() {}, observe() {} };
        this.#waiting = [];
      },
    );
  }

  count<N extends CounterName>(name: N, labels: LabelsOf<N>): void {
    this.#tell((meter) => meter.count(name, labels));
  }

  move<N extends GaugeName>(name: N, labels: LabelsOf<N>, by: 1 | -1): void {
    this.#tell((meter) => meter.move(name, labels, by));
  }

  observe<N extends HistogramName>(name: N, labels: LabelsOf<N>, seconds: number): void {
    this.#tell((meter) => meter.observe(name, labels, seconds));
  }

  #tell(call: (meter: Meter) => void): void {
    if (this.#meter) call(this.#meter);
    else if (this.#waiting.length < MAX_WAITING) this.#waiting.push(call);
  }
}
