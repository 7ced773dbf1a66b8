const MIN_MS = 5_000;
const PER_CLIENT_MS = 5;
const MAX_MS = 60_000;

/** The time over which clients are to come back after a restart, ms: at most 200 of them per second, but none later than in a minute. */
export function spreadOf(clients: number): number {
  return Math.min(MAX_MS, Math.max(MIN_MS, clients * PER_CLIENT_MS));
}
