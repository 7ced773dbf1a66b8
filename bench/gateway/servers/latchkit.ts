import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/server/clock.ts';
import { LocalFanout } from '../../../src/server/fanout/LocalFanout.ts';
import { Gateway } from '../../../src/server/gateway/Gateway.ts';
import { DEFAULT_LIMITS } from '../../../src/server/gateway/limits.ts';
import { answer } from '../../../src/server/node-adapter.ts';
import { openStorage } from '../../../src/server/storage/openStorage.ts';
import type { ChatStorage } from '../../../src/server/storage/ChatStorage.ts';
import { createTokenEndpoint } from '../../../src/server/token/createTokenEndpoint.ts';
import { createTokenVerifier } from '../../../src/server/token/createTokenVerifier.ts';
import { OriginPolicy } from '../../../src/server/token/OriginPolicy.ts';
import type { Logger } from '../../../src/server/types.ts';
import { openMemoryStorage } from '../MemoryStorage.ts';
import type { Scenario } from '../Scenario.ts';

const MANY = 1_000_000_000;
const SECRET = 'a-secret-for-the-bench-of-at-least-32-bytes';

/**
 * The kit's own gateway with everything in the way of a message that is there in production: a verified token per connection, frames
 * checked against their schema, the right to read and to write asked for at each, an answer to the sender. Only the limits on how
 * much one person may send are lifted.
 */
export async function startLatchkit(storageName: string, { threads, membersPerThread }: Scenario): Promise<Server> {
  const storage = await open(storageName);
  for (let thread = 0; thread < threads; thread += 1) {
    const members = Array.from({ length: membersPerThread }, (_, i) => ({ id: `u${thread * membersPerThread + i}` }));
    await storage.upsertThread({ id: `t${thread}`, title: `Thread ${thread}`, access: 'members', members });
  }
  const logger: Logger = { error: console.error, warn: console.error, info: () => {} };
  const gateway = new Gateway({
    storage: () => Promise.resolve(storage),
    fanout: new LocalFanout(console.error),
    verifier: createTokenVerifier({ secret: SECRET }),
    authorize: undefined,
    origins: new OriginPolicy(),
    logger,
    clock: systemClock,
    limits: {
      ...DEFAULT_LIMITS,
      frameBurst: MANY,
      framesPerSecond: MANY,
      userFrameBurst: MANY,
      userFramesPerSecond: MANY,
    },
    trustProxy: 0,
  });
  const endpoint = createTokenEndpoint({
    secret: SECRET,
    ttl: 900,
    authenticate: (request) => ({ id: request.headers.get('x-user') ?? '' }),
  });
  const server = createServer((request, response) => void answer(endpoint, request, response));
  server.on('upgrade', (request, socket, head) => gateway.upgrade(request, socket, head));
  return server;
}

function open(name: string): Promise<ChatStorage> {
  if (name === 'off') return openMemoryStorage();
  if (name === 'memory') return openStorage(':memory:');
  if (name !== 'sqlite') return openStorage(name);
  const folder = mkdtempSync(join(tmpdir(), 'latchkit-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return openStorage(join(folder, 'chat.db'));
}
