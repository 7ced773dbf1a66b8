import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LocalFanout } from '../../src/server/fanout/LocalFanout.ts';
import { Gateway } from '../../src/server/gateway/Gateway.ts';
import type { GatewayPorts } from '../../src/server/gateway/GatewayPorts.ts';
import { withDefaultLimits, type ChatLimits } from '../../src/server/gateway/limits.ts';
import { answer } from '../../src/server/node-adapter.ts';
import type { ChatStorage } from '../../src/server/storage/ChatStorage.ts';
import { openStorage } from '../../src/server/storage/openStorage.ts';
import { createTokenEndpoint, createTokenVerifier } from '../../src/server/token/index.ts';
import { OriginPolicy } from '../../src/server/token/OriginPolicy.ts';
import { problem } from '../../src/server/token/problem.ts';
import { FakeClock } from './FakeClock.ts';

const SECRET = 'a-secret-for-tests-of-at-least-32-bytes';

export interface TestGateway {
  gateway: Gateway;
  clock: FakeClock;
  storage: ChatStorage;
  fanout: LocalFanout;
  http: Server;
  /** `http://127.0.0.1:…/chat` */
  base: string;
  socketUrl: string;
  mint: (userId?: string, ttl?: number) => Promise<string>;
  stop: () => Promise<void>;
}

/** A gateway of its own on real sockets, with time in the test's hand. */
export async function startTestGateway(
  limits: Partial<ChatLimits> = {},
  ports: Partial<GatewayPorts> = {},
): Promise<TestGateway> {
  const clock = new FakeClock();
  const storage = await openStorage(':memory:');
  await storage.upsertThread({ id: 'open', title: 'Open', access: 'open' });
  const fanout = new LocalFanout(() => {});
  const gateway = new Gateway({
    storage: () => Promise.resolve(storage),
    fanout,
    verifier: createTokenVerifier({ secret: SECRET, now: () => clock.now() }),
    authorize: undefined,
    origins: new OriginPolicy(['https://web.example']),
    logger: { error: () => {}, warn: () => {}, info: () => {} },
    clock,
    limits: withDefaultLimits(limits),
    trustProxy: 0,
    ...ports,
  });
  const http = createServer((incoming, outgoing) => {
    void answer(
      async (request, peer) =>
        (await gateway.fetch(request, new URL(request.url).pathname.replace('/chat', ''), peer)) ??
        problem('not_found'),
      incoming,
      outgoing,
    );
  });
  http.on('upgrade', (request, socket, head) => gateway.upgrade(request, socket, head));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;

  async function mint(userId = 'ada', ttl = 100): Promise<string> {
    const authenticate = () => ({ id: userId });
    const endpoint = createTokenEndpoint({ secret: SECRET, ttl, authenticate, now: () => clock.now() });
    const response = await endpoint(new Request('http://x/token', { method: 'POST', headers: { 'x-latchkit': '1' } }));
    return ((await response.json()) as { token: string }).token;
  }

  return {
    gateway,
    clock,
    storage,
    fanout,
    http,
    base: `http://127.0.0.1:${port}/chat`,
    socketUrl: `ws://127.0.0.1:${port}/chat/socket`,
    mint,
    async stop() {
      http.closeAllConnections();
      await gateway.close();
      http.close();
      await storage.close();
    },
  };
}
