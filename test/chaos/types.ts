/** What a run is made of. */
export interface ChaosOptions {
  /** How often the server is killed. */
  kills: number;
  clients: number;
  threads: number;
  seed: number;
  /** A file for SQLite, or a postgres:// address. */
  database: string;
  /** Processes that the clients are spread over. */
  processes: number;
  /** Between one restart and the next kill, ms. */
  killEveryMs: [min: number, max: number];
  /** Mean pause of one client between two actions, ms. */
  meanPauseMs: number;
  /** Whether clients also edit, delete and react. */
  changes: boolean;
  /** `mixed`: a third of the clients by WebSocket, by event stream, and by `auto` each. */
  transport: 'websocket' | 'event-stream' | 'auto' | 'mixed';
  log?: (line: string) => void;
}

export interface ClientConfig {
  url: string;
  userId: string;
  threadIds: string[];
  seed: number;
  meanPauseMs: number;
  changes: boolean;
  transport: 'websocket' | 'event-stream' | 'auto';
}

/** A stored message, as far as all copies must agree on it. */
export interface Row {
  id: string;
  seq: number;
  version: number;
  author: string;
  text: string;
  deleted: boolean;
  /** `emoji user user`, sorted. */
  reactions: string;
}

/** What a client meant a message to be in the end. */
export interface Intent {
  threadId: string;
  text: string;
  deleted: boolean;
}

export interface ClientStatus {
  userId: string;
  connected: boolean;
  /** Messages and changes that the server has not answered. */
  unanswered: number;
  threadsReady: boolean;
}

/** Everything that one client can say at the end. */
export interface ClientReport {
  userId: string;
  /** Own messages, in the order of writing. */
  written: [id: string, intent: Intent][];
  /** Own messages that the server acknowledged, with the `seq` that it gave. */
  acknowledged: [id: string, seq: number][];
  /** Newest version that the server acknowledged a change of a message with. */
  changed: [id: string, version: number][];
  /** Own reactions as meant in the end: `messageId emoji` → given or taken back. */
  reactions: [key: string, given: boolean][];
  /** Every message that was ever shown as stored. */
  shown: [id: string, seq: number][];
  /** Own messages that are still visible as not sent, or as refused. */
  unsent: [id: string, delivery: string][];
  /** Own changes still visible as not saved or refused: `messageId type status`. */
  unsaved: string[];
  /** What must never be seen, where it was seen: an unordered list, a doubled row, a number that changed. */
  violations: string[];
  /** `code message` of what the client reported, with counts. */
  errors: [what: string, count: number][];
  threads: [threadId: string, rows: Row[]][];
  counts: ClientCounts;
}

export interface ClientCounts {
  connections: number;
  reconnects: number;
  resumes: number;
  resumesWithGap: number;
  changes: number;
}

export type ToWorker =
  | { type: 'start'; clients: ClientConfig[] }
  | { type: 'stop' }
  | { type: 'wake' }
  | { type: 'status' }
  | { type: 'collect' }
  | { type: 'exit' };

export type FromWorker =
  { type: 'started' } | { type: 'status'; clients: ClientStatus[] } | { type: 'collected'; clients: ClientReport[] };

export interface ChaosResult {
  options: ChaosOptions;
  counts: ClientCounts & {
    written: number;
    acknowledged: number;
    stored: number;
    unsent: number;
    unsaved: number;
    kills: number;
    faults: Record<string, number>;
  };
  /** Rows compared: each message of each thread on each client. */
  compared: number;
  quietAfterMs: number;
  totalMs: number;
  errors: [what: string, count: number][];
  /** Empty: nothing was lost, doubled, reordered or made up. */
  findings: string[];
}
