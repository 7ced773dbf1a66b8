/** `up`: from the client to the server. `down`: from the server to the client. */
export type FaultDirection = 'up' | 'down';

/** What passes as one thing: a WebSocket message, or an event of an event stream. */
export interface FaultMessage {
  connection: FaultConnection;
  direction: FaultDirection;
  kind: 'text' | 'binary' | 'event';
  /** Of a text message the text, of an event its data; of a binary message the empty string. */
  text: string;
  /** `text` read as JSON; undefined where it is none. Read at the first look. */
  readonly json: unknown;
}

/** One TCP connection of a client, as the proxy sees it. */
export interface FaultConnection {
  /** Counts up from 1 in the order in which clients came. */
  readonly id: number;
  /** Request target of the newest request on it, `/chat/socket?x=1`; empty before the first. */
  readonly path: string;
  readonly kind: 'http' | 'event-stream' | 'websocket';
  /** Whole messages that left the proxy so far, each way. */
  readonly forwarded: Readonly<Record<FaultDirection, number>>;
}

/** To what a fault applies. Left out: to everything, also to what comes later. */
export interface FaultScope {
  direction?: FaultDirection;
  connection?: FaultConnection | ((connection: FaultConnection) => boolean);
}

/** How many messages from now on, or which. */
export type FaultChoice = number | ((message: FaultMessage) => boolean);

/** Milliseconds: fixed, or a range from which the seed draws. */
export type FaultTime = number | readonly [min: number, max: number];

/** Ends a fault, and lets go what it held back. Calling it twice does no harm. */
export type Undo = () => void;

export interface FaultProxyOptions {
  /** Where to forward: the server's origin, `http://127.0.0.1:4310`. */
  target: string;
  /** What ranges draw from: the same seed gives the same draws. Default 1. */
  seed?: number;
}

/** Counts since the proxy was made. */
export interface FaultTotals {
  accepted: number;
  /** Connections and upgrades that a fault turned away. */
  refused: number;
  dropped: number;
  duplicated: number;
  /** Connections that a fault ended. */
  cut: number;
}

/**
 * A network in a test's hand: stands between clients and a server on `127.0.0.1`. It understands HTTP, WebSocket messages and the
 * events of event streams, and passes all of them on as they are until it is told otherwise. Faults add up, and each returns its
 * undo. What is not a message (ping, pong and close of a WebSocket, other HTTP) is never dropped or doubled, and keeps its place.
 */
export interface FaultProxy {
  /** `http://127.0.0.1:{port}`: what clients are given in place of the server's. */
  readonly url: string;
  /** Those that are open, the first first. */
  readonly connections: readonly FaultConnection[];
  readonly totals: Readonly<FaultTotals>;
  /** New connections go here from now on: a server that restarts on another port. */
  setTarget(origin: string): void;
  /** Messages vanish: the next few, or those that a predicate picks. */
  drop(which: FaultChoice, scope?: FaultScope): Undo;
  /** What is said takes this much longer; opening a connection or a WebSocket does not. The order within a connection stays, as in TCP. */
  delay(ms: FaultTime, scope?: FaultScope): Undo;
  /** Messages arrive twice, as TCP never does but a fan-out may. */
  duplicate(which: FaultChoice, scope?: FaultScope): Undo;
  /**
   * Holds back what passes on one connection while the others' passes: the order across connections changes, that within one does
   * not. Let go by the undo, or once `after` messages have passed elsewhere.
   */
  reorder(held: NonNullable<FaultScope['connection']>, options?: { direction?: FaultDirection; after?: number }): Undo;
  /**
   * The line is dead and says so to nobody: no byte passes, no FIN, no reset; new connections open and hear nothing. The undo lets
   * everything pass that was held, ends included, as TCP's repetitions would.
   */
  halfOpen(scope?: Pick<FaultScope, 'connection'>): Undo;
  /**
   * The client reads this slowly, and the server feels it once the buffers between are full: some MB, as the systems' own count
   * among them.
   */
  slowReader(bytesPerSecond: number, scope?: Pick<FaultScope, 'connection'>): Undo;
  /** The next message, or the next that a predicate picks, breaks off in its middle, and with it the connection. Once. */
  cutMidFrame(which?: Exclude<FaultChoice, number>, scope?: FaultScope): Undo;
  /** Closes WebSockets towards the client as if the server did, and towards the server as gone (1001). Returns how many. */
  closeWith(code: number, reason?: string, scope?: Pick<FaultScope, 'connection'>): number;
  /** Ends connections on both sides at once, by reset. Returns how many. */
  cut(scope?: Pick<FaultScope, 'connection'>): number;
  /** New connections are reset. Those that are open go on. */
  refuseConnections(): Undo;
  /** Upgrades to WebSocket are answered with this HTTP status (default 502) while other HTTP passes: a strict proxy. */
  refuseUpgrades(status?: number): Undo;
  /** The network comes and goes: there for `onMs`, then all connections cut and new ones refused for `offMs`, and again. */
  flap(onMs: FaultTime, offMs: FaultTime): Undo;
  /** Undoes every fault. */
  heal(): void;
  /** Ends everything: connections, timers, the port. */
  close(): Promise<void>;
}
