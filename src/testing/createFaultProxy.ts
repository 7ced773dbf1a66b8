import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { covers, FaultRules } from './faults/FaultRules.ts';
import { forwardRequest } from './faults/forwardRequest.ts';
import { forwardUpgrade, refuseUpgrade } from './faults/forwardUpgrade.ts';
import { ProxiedConnection } from './faults/ProxiedConnection.ts';
import { draw, seededRandom } from './faults/seeded-random.ts';
import type { FaultProxy, FaultProxyOptions, FaultScope, FaultTime, Undo } from './faults/types.ts';

/**
 * Starts a proxy on a free port of 127.0.0.1 that does to the network between clients and a server what a test asks for.
 * Needs Node.
 *
 * @throws {TypeError} for a target that is no `http:` origin
 */
export async function createFaultProxy({ target, seed = 1 }: FaultProxyOptions): Promise<FaultProxy> {
  const random = seededRandom(seed);
  const connections = new Map<Duplex, ProxiedConnection>();
  const rules = new FaultRules(random, () => {
    for (const connection of [...connections.values()]) connection.update();
  });
  const flaps = new Set<Undo>();
  let origin = readOrigin(target);

  // Node's HTTP parser, on our own wires: it never listens by itself. The proxy adds no time limit of its own.
  const http = createHttpServer({ keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0 }, (request, response) => {
    const connection = connectionOf(request);
    if (connection) forwardRequest(connection, request, response, origin);
  });
  http.on('upgrade', (request, _, head) => {
    const connection = connectionOf(request);
    if (!connection) return;
    const status = rules.upgradeRefusal;
    if (status === null) return forwardUpgrade(connection, request, head, origin);
    rules.totals.refused += 1;
    refuseUpgrade(connection.wire, status);
  });
  http.on('clientError', (_, wire) => wire.destroy());

  const listener = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket: Socket) => {
    if (rules.refusesConnections) {
      rules.totals.refused += 1;
      socket.on('error', () => {});
      socket.resetAndDestroy();
      return;
    }
    rules.totals.accepted += 1;
    const connection = new ProxiedConnection(rules.totals.accepted, socket, rules, ({ wire }) =>
      connections.delete(wire),
    );
    connections.set(connection.wire, connection);
    http.emit('connection', connection.wire);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;

  /** The types say that a request comes on a net.Socket; it comes on what was emitted as the connection. */
  function connectionOf(request: IncomingMessage): ProxiedConnection | undefined {
    const connection = connections.get(request.socket);
    if (connection) connection.path = request.url ?? '';
    return connection;
  }

  function within(scope: FaultScope): ProxiedConnection[] {
    return [...connections.values()].filter((connection) => covers(scope, connection));
  }

  function cut(scope: FaultScope = {}): number {
    const found = within(scope);
    for (const connection of found) connection.reset();
    rules.totals.cut += found.length;
    return found.length;
  }

  function flap(onMs: FaultTime, offMs: FaultTime): Undo {
    let refusing: Undo | null = null;
    let timer: NodeJS.Timeout;
    const goOff = () => {
      refusing = rules.add({ fault: 'refuseConnections' });
      cut();
      timer = setTimeout(goOn, draw(offMs, random));
    };
    const goOn = () => {
      refusing?.();
      refusing = null;
      timer = setTimeout(goOff, draw(onMs, random));
    };
    const undo = () => {
      clearTimeout(timer);
      refusing?.();
      flaps.delete(undo);
    };
    goOn();
    flaps.add(undo);
    return undo;
  }

  function heal(): void {
    for (const undo of [...flaps]) undo();
    rules.clear();
  }

  return {
    url: `http://127.0.0.1:${port}`,
    get connections() {
      return [...connections.values()];
    },
    totals: rules.totals,
    setTarget: (next) => void (origin = readOrigin(next)),
    drop: (which, scope) => rules.add({ fault: 'drop', which, left: countOf(which), scope }),
    delay: (ms, scope) => rules.add({ fault: 'delay', ms, scope }),
    duplicate: (which, scope) => rules.add({ fault: 'duplicate', which, left: countOf(which), scope }),
    reorder: (connection, { direction, after = Infinity } = {}) =>
      rules.add({ fault: 'reorder', left: after, scope: { connection, direction } }),
    halfOpen: (scope) => rules.add({ fault: 'halfOpen', scope }),
    slowReader: (bytesPerSecond, scope) => rules.add({ fault: 'slow', bytesPerSecond, scope }),
    cutMidFrame: (which = () => true, scope) => rules.add({ fault: 'cut', which, left: 1, scope }),
    closeWith(code, reason = '', scope = {}) {
      const found = within(scope).filter(({ closeWebSocket }) => closeWebSocket !== null);
      for (const { closeWebSocket } of found) closeWebSocket?.(code, reason);
      return found.length;
    },
    cut,
    refuseConnections: () => rules.add({ fault: 'refuseConnections' }),
    refuseUpgrades: (status = 502) => rules.add({ fault: 'refuseUpgrades', status }),
    flap,
    heal,
    async close() {
      heal();
      const closed = new Promise((resolve) => listener.close(resolve));
      for (const connection of [...connections.values()]) connection.kill();
      await closed;
    },
  };
}

function countOf(which: number | ((...args: never[]) => boolean)): number {
  return typeof which === 'number' ? which : Infinity;
}

function readOrigin(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'http:') throw new TypeError(`The target must be an http: origin, not ${text}.`);
  return url;
}
