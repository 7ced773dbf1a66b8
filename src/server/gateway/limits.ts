import { inspect } from 'node:util';
import { ChatError } from '../../protocol/index.ts';

/** What clients may cost a server, each node on its own. Whole numbers; times in ms. */
export interface ChatLimits {
  /** How long a client may take until its token is accepted. Default 5,000. */
  authTimeoutMs: number;
  /** Connections of one person at once. One more is closed with `too_many_connections`. Default 20. */
  connectionsPerUser: number;
  /**
   * Connections from one address at once; of IPv6 one /64 network counts as an address. One more is answered 429. Default 5,000, because
   * a whole campus, or every client of a proxy that `trustProxy` does not count, is one address.
   */
  connectionsPerAddress: number;
  /**
   * Connections whose token is not accepted yet, of everybody together. Above it, the one that has waited longest without showing a
   * token makes room. Default 1,000.
   */
  unauthenticated: number;
  /** Frames that one connection may send at once. Default 50. */
  frameBurst: number;
  /** Frames that one connection may send per second in the long run. Default 20. */
  framesPerSecond: number;
  /** Frames that one person may send at once, over all connections. Default 150. */
  userFrameBurst: number;
  /** Frames that one person may send per second in the long run, over all connections. Default 60. */
  userFramesPerSecond: number;
  /** Requests of one connection that wait for the one before. Default 100. */
  queuedRequests: number;
  /** Searches that one connection may ask for at once. Default 10. */
  searchBurst: number;
  /** Searches that one connection may ask for per second in the long run. Default 2. */
  searchesPerSecond: number;
  /** Conversations that one connection listens to. Default 200. */
  subscriptions: number;
  /** Bytes that may wait for a slow reader before it is sent away to come back (`too_slow`). Default 1,048,576. */
  bufferedBytes: number;
  /** How long an assistant's answer may take. Default 300,000. */
  answerMs: number;
  /** Between two pings; a connection that was silent in between is dead. Default 25,000. */
  pingMs: number;
  /** How long a closed connection may take to say goodbye. Default 5,000. */
  closeTimeoutMs: number;
}

export const DEFAULT_LIMITS: Readonly<ChatLimits> = {
  authTimeoutMs: 5_000,
  connectionsPerUser: 20,
  connectionsPerAddress: 5_000,
  unauthenticated: 1_000,
  frameBurst: 50,
  framesPerSecond: 20,
  userFrameBurst: 150,
  userFramesPerSecond: 60,
  queuedRequests: 100,
  searchBurst: 10,
  searchesPerSecond: 2,
  subscriptions: 200,
  bufferedBytes: 1_048_576,
  answerMs: 300_000,
  pingMs: 25_000,
  closeTimeoutMs: 5_000,
};

/** A timer of a greater delay fires at once. */
const MAX_DELAY_MS = 2_147_483_647;

/** @throws {ChatError} `invalid_options` naming the limit */
export function withDefaultLimits(limits: Partial<ChatLimits> = {}): ChatLimits {
  if (typeof limits !== 'object' || limits === null) throw invalid('limits must be an object');
  const all: ChatLimits = { ...DEFAULT_LIMITS };
  for (const [name, value] of Object.entries(limits) as [string, unknown][]) {
    if (!isLimit(name)) {
      throw invalid(`limits.${name} is none; there are ${Object.keys(DEFAULT_LIMITS).join(', ')}`);
    }
    if (value === undefined) continue;
    const max = name.endsWith('Ms') ? MAX_DELAY_MS : Number.MAX_SAFE_INTEGER;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > max) {
      throw invalid(`limits.${name} is ${inspect(value)}; it must be a whole number from 1 to ${max}`);
    }
    all[name] = value;
  }
  return all;
}

function isLimit(name: string): name is keyof ChatLimits {
  return Object.hasOwn(DEFAULT_LIMITS, name);
}

function invalid(why: string): ChatError {
  return new ChatError('invalid_options', `${why}.`);
}
