/** One row of the report. */
export interface Figure {
  /** Stable, for tests: `hour.mints`. */
  id: string;
  /** What was counted, with its unit. */
  what: string;
  /** The most that LatchKit may need; absent for a figure that only explains others. */
  max?: number;
  /** By contestant: what this run measured, or in words why it did not. */
  values: Record<string, number | string>;
  /** From LatchKit's design notes, on the same work, measured or derived elsewhere. Never mixed with this run's figures. */
  quoted?: string;
}
