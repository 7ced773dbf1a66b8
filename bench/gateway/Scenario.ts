/** Who talks with whom, and how hard. */
export interface Scenario {
  id: string;
  what: string;
  threads: number;
  membersPerThread: number;
  sendersPerThread: number;
  /** Messages that are sent and not yet heard by their senders, at full load. */
  underWay: number;
  /** How long is measured at full load, ms. */
  fullMs: number;
  /** How long is measured at a fixed pace, ms, and how many messages per second all senders together send meanwhile. */
  pacedMs: number;
  messagesPerSecond: number;
  /** At full load before anything is measured: at least so long, and until so many messages were sent or ten times as long has passed. */
  warmUpMs: number;
  warmUpMessages: number;
}

/** What one run of one scenario came to. */
export interface Measurement {
  /** At full load. */
  messages: number;
  deliveries: number;
  seconds: number;
  /** Of the server's process, user and system. */
  cpuSeconds: number;
  /** At the fixed pace: from sending to receiving, ms. */
  p50: number;
  p99: number;
  pacedDeliveries: number;
  pacedCpuSeconds: number;
}

export const scenarios: Scenario[] = [
  {
    id: 'room',
    what: '1 thread × 500 members',
    threads: 1,
    membersPerThread: 500,
    sendersPerThread: 8,
    underWay: 8,
    fullMs: 5_000,
    pacedMs: 5_000,
    messagesPerSecond: 20,
    warmUpMs: 3_000,
    warmUpMessages: 500,
  },
  {
    id: 'pairs',
    what: '500 threads × 2 members',
    threads: 500,
    membersPerThread: 2,
    sendersPerThread: 1,
    underWay: 100,
    fullMs: 5_000,
    pacedMs: 5_000,
    messagesPerSecond: 200,
    warmUpMs: 3_000,
    warmUpMessages: 20_000,
  },
];
