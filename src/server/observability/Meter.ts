/** From a thousandth of a second, where an embedded database answers, to the ten after which clients give up. */
const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface MetricEntry {
  kind: 'counter' | 'gauge' | 'histogram';
  help: string;
  /** Each takes its values from a list in the source. Never an id, an address or a text: those grow without end. */
  labels: readonly string[];
  buckets?: readonly number[];
}

/** Every metric that is LatchKit's own. Durations in seconds, as Prometheus wants them. */
export const METRICS = {
  latchkit_connections: {
    kind: 'gauge',
    help: 'Connections that are open now, by transport and state (unauthenticated, authenticated).',
    labels: ['transport', 'state'],
  },
  latchkit_handshakes_total: {
    kind: 'counter',
    help: 'Handshakes that ended, by transport and outcome: accepted, abandoned by the client, or the close code.',
    labels: ['transport', 'outcome'],
  },
  latchkit_connections_closed_total: {
    kind: 'counter',
    help: 'Connections that ended, by transport and close code (other: a code that the protocol does not know).',
    labels: ['transport', 'code'],
  },
  latchkit_slow_readers_total: {
    kind: 'counter',
    help: 'Connections that were cut off because too much waited for them (close code 4200).',
    labels: ['transport'],
  },
  latchkit_frames_received_total: {
    kind: 'counter',
    help: 'Frames from clients, by type (invalid: none of the protocol, or with a wrong field).',
    labels: ['type'],
  },
  latchkit_frames_sent_total: { kind: 'counter', help: 'Frames to clients, by type.', labels: ['type'] },
  latchkit_requests_refused_total: {
    kind: 'counter',
    help: 'Requests that were answered by request.refused, by error code.',
    labels: ['code'],
  },
  latchkit_messages_stored_total: {
    kind: 'counter',
    help: 'Messages that were stored and acknowledged; one that is sent again counts again.',
    labels: [],
  },
  latchkit_message_ack_seconds: {
    kind: 'histogram',
    help: 'From the arrival of message.send to its acknowledgement, what waited before it on the connection included.',
    labels: [],
    buckets: LATENCY_BUCKETS,
  },
  latchkit_fanout_lag_seconds: {
    kind: 'histogram',
    help: 'From storing a message to a subscribed connection hearing of it, by the clocks of the two nodes.',
    labels: [],
    buckets: LATENCY_BUCKETS,
  },
  latchkit_link_previews_total: {
    kind: 'counter',
    help: 'Links that were looked at, by outcome: found, empty, known already, refused unasked, failed, busy; and messages left out (limited).',
    labels: ['outcome'],
  },
  latchkit_token_requests_total: {
    kind: 'counter',
    help: 'Requests to the token endpoint, by outcome: minted, or the error code.',
    labels: ['outcome'],
  },
  latchkit_token_request_seconds: {
    kind: 'histogram',
    help: 'How long the token endpoint took to answer, authenticate() included.',
    labels: [],
    buckets: LATENCY_BUCKETS,
  },
  latchkit_storage_seconds: {
    kind: 'histogram',
    help: 'How long the database took, by operation and outcome (ok, or the error code).',
    labels: ['operation', 'outcome'],
    buckets: LATENCY_BUCKETS,
  },
} as const satisfies Record<string, MetricEntry>;

type Metrics = typeof METRICS;
type NamesOf<K extends MetricEntry['kind']> = {
  [N in keyof Metrics]: Metrics[N]['kind'] extends K ? N : never;
}[keyof Metrics];
type MetricName = keyof Metrics;
export type CounterName = NamesOf<'counter'>;
export type GaugeName = NamesOf<'gauge'>;
export type HistogramName = NamesOf<'histogram'>;
/** Every label of a metric, no more and no fewer. */
export type LabelsOf<N extends MetricName> = Record<Metrics[N]['labels'][number], string>;

/** Where figures go. Costs next to nothing while nobody looks; never throws. */
export interface Meter {
  count<N extends CounterName>(name: N, labels: LabelsOf<N>): void;
  /** Moves a gauge up or down. */
  move<N extends GaugeName>(name: N, labels: LabelsOf<N>, by: 1 | -1): void;
  observe<N extends HistogramName>(name: N, labels: LabelsOf<N>, seconds: number): void;
}

export const silentMeter: Meter = { count() {}, move() {}, observe() {} };
