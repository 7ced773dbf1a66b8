import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ChatError } from '../protocol/index.ts';
import { systemClock } from './clock.ts';
import { topics } from './fanout/Fanout.ts';
import { LocalFanout } from './fanout/LocalFanout.ts';
import { announceThread } from './gateway/announce.ts';
import { Gateway } from './gateway/Gateway.ts';
import { DEFAULT_LIMITS } from './gateway/limits.ts';
import { answer } from './node-adapter.ts';
import { checkThread, toProfile, withDefaults } from './options.ts';
import { StorageSlot } from './storage/StorageSlot.ts';
import { createJwksHandler } from './token/createJwksHandler.ts';
import { createTokenEndpoint } from './token/createTokenEndpoint.ts';
import { createTokenVerifier } from './token/createTokenVerifier.ts';
import type { SigningOptions } from './token/keys.ts';
import { consoleLogger, redactingLogger } from './token/logger.ts';
import { OriginPolicy } from './token/OriginPolicy.ts';
import { problem } from './token/problem.ts';
import { toRevocationEntry } from './token/Revocations.ts';
import type { ChatServer, ChatServerOptions } from './types.ts';

/**
 * A whole chat server: `POST {basePath}/token`, `WS {basePath}/socket`, `GET {basePath}/healthz`, and, with `keys`,
 * `GET {basePath}/jwks.json`.
 *
 * @throws {ChatError} at once: `secret_missing`, `secret_too_short`, `invalid_options`. The database is opened by the first call
 * that needs it; await `ready()` to hear of its troubles early.
 */
export function createChatServer(options: ChatServerOptions): ChatServer {
  const { basePath, database } = withDefaults(options);
  const { authenticate, authorize, ttl, allowedOrigins } = options;
  const signing = signingOf(options);
  const logger = redactingLogger(options.logger ?? consoleLogger);
  const origins = new OriginPolicy(allowedOrigins);
  const storage = new StorageSlot(database, logger);
  const tokenEndpoint = createTokenEndpoint({
    ...signing,
    authenticate,
    ttl,
    allowedOrigins,
    logger,
    revocations: { revokedBefore: async (holder) => (await storage.open()).revokedBefore(holder) },
    async onAuthenticated(user) {
      await (await storage.open()).upsertUser(toProfile(user));
    },
  });
  const jwks = signing.keys && createJwksHandler(signing.keys);
  const fanout = new LocalFanout((cause) => logger.error('A listener of the fan-out threw.', { cause }));
  const gateway = new Gateway({
    storage: () => storage.open(),
    fanout,
    verifier: createTokenVerifier(signing),
    authorize,
    origins,
    logger,
    clock: systemClock,
    limits: DEFAULT_LIMITS,
  });
  const detach: (() => void)[] = [];
  let closing: Promise<void> | undefined;

  async function health(request: Request): Promise<Response> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return problem('method_not_allowed', { headers: { allow: 'GET, HEAD' } });
    }
    try {
      await (await storage.open()).check();
    } catch (cause) {
      logger.error('The database does not answer.', { cause });
      return problem('database_unavailable');
    }
    return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } });
  }

  async function fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === `${basePath}/token`) return tokenEndpoint(request);
    if (pathname === `${basePath}/healthz`) return health(request);
    if (jwks && pathname === `${basePath}/jwks.json`) return jwks(request);
    return problem('not_found');
  }

  function attach(server: Server): void {
    const others = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
    server.removeAllListeners('request');
    const onRequest = (request: IncomingMessage, response: ServerResponse) => {
      const path = pathOf(request);
      const isOurs = path === basePath || path.startsWith(`${basePath}/`);
      // Without a listener of the app's own, nobody else would answer.
      const isAlone = others.length === 0 && server.listenerCount('request') === 1;
      if (isOurs || isAlone) return void answer(fetch, request, response);
      for (const other of others) other.call(server, request, response);
    };
    const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (pathOf(request) === `${basePath}/socket`) return gateway.upgrade(request, socket, head);
      // Node leaves an upgrade to whoever listens; when that is only this, it is to be ended here.
      if (server.listenerCount('upgrade') === 1) socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    };
    server.on('request', onRequest);
    server.on('upgrade', onUpgrade);
    detach.push(() => {
      server.off('request', onRequest);
      server.off('upgrade', onUpgrade);
      for (const other of others) server.on('request', other);
    });
    storage.open().catch(() => {
      // Logged by the slot; the next call tries again.
    });
  }

  async function closeAll(): Promise<void> {
    await gateway.close();
    for (const undo of detach.splice(0)) undo();
    await fanout.close();
    await storage.close();
  }

  return {
    fetch,
    attach,
    threads: {
      async upsert(input) {
        const thread = checkThread(input);
        const opened = await storage.open();
        const stored = await opened.upsertThread(thread);
        await fanout.publish(topics.thread(stored.id), { type: 'access.changed', threadId: stored.id });
        await announceThread({ fanout, storage: opened }, stored);
        return stored;
      },
    },
    async revoke(input) {
      const revocation = toRevocationEntry(input, systemClock.now());
      await (await storage.open()).addRevocation(revocation);
      await fanout.publish(topics.revocations, { type: 'tokens.revoked', revocation });
    },
    async ready() {
      if (closing) throw new ChatError('disposed', 'This server was closed.');
      await storage.open();
    },
    close: () => (closing ??= closeAll()),
  };
}

/** Only these two, both, so that giving both is told. */
function signingOf({ secret, keys }: ChatServerOptions): SigningOptions {
  return { secret, keys } as SigningOptions;
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}
