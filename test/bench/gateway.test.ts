import { beforeAll, describe, expect, it } from 'vitest';
import { compare, type Results } from '../../bench/gateway/compare.ts';
import { contestants } from '../../bench/gateway/contestants.ts';
import { renderReport } from '../../bench/gateway/report.ts';
import type { Measurement, Scenario } from '../../bench/gateway/Scenario.ts';

const brief = { underWay: 2, fullMs: 100, pacedMs: 200, messagesPerSecond: 50, warmUpMs: 50, warmUpMessages: 5 };
const scenarios: Scenario[] = [
  { id: 'room', what: '1 thread × 6 members', threads: 1, membersPerThread: 6, sendersPerThread: 2, ...brief },
  { id: 'pairs', what: '3 threads × 2 members', threads: 3, membersPerThread: 2, sendersPerThread: 1, ...brief },
];

// How fast is for `node bench/gateway/run.ts` on a quiet machine; here, that it measures what it says.
describe('the gateway benchmark', () => {
  let results: Results;

  beforeAll(async () => {
    results = await compare({ scenarios, rounds: 1 });
  });

  it.each(scenarios)('runs every server with $what, and every message reaches every member', (scenario) => {
    const { id, membersPerThread } = scenario;
    const found = results.get(id) ?? new Map<string, Measurement[]>();
    expect([...found.keys()]).toEqual(contestants.map((each) => each.id).filter((name) => !name.endsWith('postgres')));
    for (const [name, [measured]] of found) {
      expect(measured?.messages, name).toBeGreaterThan(0);
      expect(measured?.deliveries, name).toBe((measured?.messages ?? 0) * membersPerThread);
      expect(measured?.cpuSeconds, name).toBeGreaterThan(0);
      expect(measured?.pacedCpuSeconds, name).toBeGreaterThan(0);
      expect(measured?.pacedDeliveries, name).toBeGreaterThan(0);
      expect((measured?.pacedDeliveries ?? 1) % membersPerThread, name).toBe(0);
      expect(measured?.p50, name).toBeGreaterThan(0);
      expect(measured?.p99, name).toBeGreaterThanOrEqual(measured?.p50 ?? Infinity);
    }
  });

  it('judges by the ratio to its peers, and names what was not run', () => {
    const measured = (deliveries: number): Measurement[] => [
      { messages: 10, deliveries, seconds: 1, cpuSeconds: 1, p50: 1, p99: 2, pacedDeliveries: 500, pacedCpuSeconds: 1 },
    ];
    const made = new Map([
      [
        'room',
        new Map(Object.entries({ latchkit: measured(900), 'bare-ws': measured(1_000), 'socket.io': measured(600) })),
      ],
    ]);
    const report = renderReport({
      results: made,
      scenarios: scenarios.slice(0, 1),
      rounds: 1,
      machine: 'a machine',
      versions: new Map([['ws', '8']]),
      notes: ['a note'],
    });
    expect(report).toContain('pass: 0.90 × bare-ws, target ≥ 0.8; MISS: 1.50 × socket.io, target ≥ 1.7.');
    expect(report).toContain('LatchKit holds 1 of 2 targets.');
    expect(report).toContain('| bare ws | 1,000 | 10 | 1,000 | 500 | 1.0 | 2.0 | 1.00 × |');
    expect(report).toContain('| SQLite in memory | not run |');
  });
});
