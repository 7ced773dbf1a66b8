import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ChatError } from '../protocol/index.ts';
import { Answers } from './answers/Answers.ts';
import { Attachments } from './attachments/Attachments.ts';
import { checkAttachmentOptions } from './attachments/options.ts';
import { systemClock } from './clock.ts';
import { createServerThreads } from './createServerThreads.ts';
import { topics } from './fanout/Fanout.ts';
import { LocalFanout } from './fanout/LocalFanout.ts';
import { requireAccess } from './gateway/access.ts';
import { Gateway } from './gateway/Gateway.ts';
import { Handovers } from './handover/Handovers.ts';
import { answer } from './node-adapter.ts';
import { createHealth } from './observability/createHealth.ts';
import { createTelemetry } from './observability/createTelemetry.ts';
import { observeFanout } from './observability/observeFanout.ts';
import { observeStorage } from './observability/observeStorage.ts';
import { observeTokens } from './observability/observeTokens.ts';
import { toProfile, withDefaults } from './options.ts';
import { LinkPreviews } from './previews/LinkPreviews.ts';
import { systemNetwork } from './previews/Network.ts';
import { StorageSlot } from './storage/StorageSlot.ts';
import { Presence } from './presence/Presence.ts';
import { createJwksHandler } from './token/createJwksHandler.ts';
import { createTokenEndpoint } from './token/createTokenEndpoint.ts';
import { createTokenVerifier } from './token/createTokenVerifier.ts';
import type { SigningOptions } from './token/keys.ts';
import { consoleLogger, redactingLogger } from './token/logger.ts';
import { OriginPolicy } from './token/OriginPolicy.ts';
import { problem } from './token/problem.ts';
import { toRevocationEntry } from './token/Revocations.ts';
import type { ChatServer, ChatServerOptions } from './types.ts';
import { UnderWay } from './UnderWay.ts';

/**
 * A whole chat server: `POST {basePath}/token`, `WS {basePath}/socket`, for where no WebSocket goes `GET {basePath}/events` with
 * `POST {basePath}/frames`, `GET {basePath}/healthz` and `/readyz`, with `keys` `GET {basePath}/jwks.json`, with
 * `metrics` `GET {basePath}/metrics`. `useChat` of the AI SDK finds the same conversations at `{basePath}/ai`.
 *
 * @throws {ChatError} at once: `secret_missing`, `secret_too_short`, `invalid_options`. The database is opened by the first call
 * that needs it; await `ready()` to hear of its troubles early.
 */
export function createChatServer(options: ChatServerOptions): ChatServer {
  const {
    basePath,
    database,
    limits,
    trustProxy,
    drainDelayMs,
    assistant,
    linkPreviews,
    presence: showsPresence,
  } = withDefaults(options);
  const { authenticate, authorize, ttl, allowedOrigins } = options;
  const signing = signingOf(options);
  const logger = redactingLogger(options.logger ?? consoleLogger);
  const origins = new OriginPolicy(allowedOrigins);
  const telemetry = createTelemetry(options.metrics, logger);
  const storage = new StorageSlot(database, logger, async (opened) => {
    await attachments?.prepare(opened);
    await telemetry.loaded; // it decides whether the storage is watched
    return observeStorage(opened, telemetry);
  });
  const endpoint = createTokenEndpoint({
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
  const tokenEndpoint = observeTokens(endpoint, telemetry);
  const jwks = signing.keys && createJwksHandler(signing.keys);
  const local = new LocalFanout((cause) => logger.error('A listener of the fan-out threw.', { cause }));
  const fanout = observeFanout(local, telemetry, systemClock);
  const attachments =
    options.attachments &&
    new Attachments({
      options: checkAttachmentOptions(options.attachments),
      basePath,
      storage: () => storage.open(),
      verifier: createTokenVerifier({
        ...signing,
        revocations: { revokedBefore: async (holder) => (await storage.open()).revokedBefore(holder) },
      }),
      requireUpload: async (user, threadId) => {
        const actor = { user, storage: await storage.open(), ports: { authorize } };
        await requireAccess(actor, 'attachment.upload', threadId);
      },
      secrets: signing.secret === undefined ? undefined : [signing.secret].flat(),
      origins,
      crossSite: (allowedOrigins ?? []).length > 0,
      logger,
      clock: systemClock,
    });
  const { respond, onAction, respondTo, onRating } = options;
  const handovers: Handovers | undefined =
    respond &&
    new Handovers({
      storage: () => storage.open(),
      fanout,
      attachments,
      logger,
      assistant,
      onHandover: options.onHandover,
      stopAnswers: async (threadId) => answers?.stopAll(threadId),
    });
  const answers: Answers | undefined =
    respond &&
    new Answers({
      storage: () => storage.open(),
      fanout,
      attachments,
      logger,
      clock: systemClock,
      respond,
      onAction,
      respondTo,
      onRating,
      assistant,
      handOver: (threadId, reason, of) => handovers!.request(threadId, reason, { of }),
      limitMs: limits.answerMs,
    });
  const previews =
    linkPreviews &&
    new LinkPreviews({
      storage: () => storage.open(),
      fanout,
      attachments,
      logger,
      meter: telemetry.meter,
      clock: systemClock,
      network: systemNetwork,
      options: linkPreviews,
    });
  const presence = showsPresence
    ? new Presence({ fanout, clock: systemClock, storage: () => storage.open(), logger })
    : undefined;
  const gateway = new Gateway({
    storage: () => storage.open(),
    fanout,
    verifier: createTokenVerifier(signing),
    authorize,
    searchPeople: options.searchPeople,
    onReport: options.onReport,
    attachments,
    answers,
    handovers,
    previews,
    presence,
    origins,
    logger,
    telemetry,
    clock: systemClock,
    limits,
    trustProxy,
  });
  const bodies = { streamed: attachments?.uploadPath, large: `${basePath}/ai` };
  const detach: (() => void)[] = [];
  let closing: Promise<void> | undefined;
  const underWay = new UnderWay(systemClock);
  const health = createHealth({
    storage: () => storage.open(),
    isDraining: () => closing !== undefined,
    logger,
    clock: systemClock,
  });

  async function fetch(request: Request, peer?: string): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === `${basePath}/token`) return tokenEndpoint(request);
    if (pathname === `${basePath}/healthz`) return health.live(request);
    if (pathname === `${basePath}/readyz`) return health.ready(request);
    if (pathname === `${basePath}/metrics`) return telemetry.metrics(request);
    if (jwks && pathname === `${basePath}/jwks.json`) return jwks(request);
    const about = attachments?.fetch(request);
    if (about) return about;
    const isOurs = pathname.startsWith(`${basePath}/`);
    return (isOurs && gateway.fetch(request, pathname.slice(basePath.length), peer)) || problem('not_found');
  }

  function attach(server: Server): void {
    const others = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
    server.removeAllListeners('request');
    const onRequest = (request: IncomingMessage, response: ServerResponse) => {
      const path = pathOf(request);
      const isOurs = path === basePath || path.startsWith(`${basePath}/`);
      // Without a listener of the app's own, nobody else would answer.
      const isAlone = others.length === 0 && server.listenerCount('request') === 1;
      if (isOurs || isAlone) return void underWay.track(answer(fetch, request, response, bodies));
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
    attachments?.start();
    answers?.start();
    storage.open().catch(() => {
      // Logged by the slot; the next call tries again.
    });
  }

  async function closeAll(): Promise<void> {
    const begun = telemetry.stopwatch();
    logger.info('The server closes.', { event: 'server.draining', delayMs: drainDelayMs });
    // Whoever sends traffic here is to see `readyz` first, or new clients would run into a closed door.
    if (drainDelayMs > 0) await new Promise<void>((resolve) => systemClock.setTimer(resolve, drainDelayMs));
    await gateway.close();
    await presence?.close();
    await answers?.close();
    await previews?.close();
    await underWay.idle(limits.closeTimeoutMs);
    for (const undo of detach.splice(0)) undo();
    await attachments?.close();
    await fanout.close();
    await storage.close();
    telemetry.close();
    const durationMs = Math.round(telemetry.stopwatch() - begun);
    logger.info('The server is closed.', { event: 'server.closed', durationMs });
  }

  return {
    fetch: (request) => underWay.track(fetch(request)),
    attach,
    threads: createServerThreads({ storage: () => storage.open(), fanout, attachments, authorize, handovers }),
    async revoke(input) {
      const revocation = toRevocationEntry(input, systemClock.now());
      await (await storage.open()).addRevocation(revocation);
      await fanout.publish(topics.revocations, { type: 'tokens.revoked', revocation });
    },
    async ready() {
      if (closing) throw new ChatError('disposed', 'This server was closed.');
      await storage.open();
      await attachments?.ready();
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
