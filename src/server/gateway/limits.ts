/** What one connection may cost. Every time in ms. */
export interface GatewayLimits {
  /** How long a socket may stay without a good token. */
  authTimeoutMs: number;
  /** Sockets of one person at once. */
  connectionsPerUser: number;
  /** Sockets without a good token at once, of everybody together. */
  unauthenticated: number;
  /** Frames of one connection at once, and their refill. */
  frameBurst: number;
  framesPerSecond: number;
  /** Requests of one connection that wait for the one before. */
  queuedRequests: number;
  /** Threads that one connection listens to. */
  subscriptions: number;
  /** What may wait for a slow reader, bytes. */
  bufferedBytes: number;
  /** Between two pings; a socket that was silent in between is dead. */
  pingMs: number;
  /** How long a closed socket may take to say goodbye. */
  closeTimeoutMs: number;
}

export const DEFAULT_LIMITS: GatewayLimits = {
  authTimeoutMs: 5_000,
  connectionsPerUser: 20,
  unauthenticated: 1_000,
  frameBurst: 50,
  framesPerSecond: 20,
  queuedRequests: 100,
  subscriptions: 200,
  bufferedBytes: 1_048_576,
  pingMs: 25_000,
  closeTimeoutMs: 5_000,
};
