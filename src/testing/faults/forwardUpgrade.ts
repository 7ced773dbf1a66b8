import { STATUS_CODES, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { Lane } from './Lane.ts';
import { proxiedMessage } from './proxied-message.ts';
import type { ProxiedConnection } from './ProxiedConnection.ts';
import type { FaultDirection } from './types.ts';
import { Wire } from './Wire.ts';

/** Names of headers that belong to one leg of the way, or that the WebSocket of the next leg makes for itself. */
const OWN_HEADERS = /^(connection|upgrade|sec-websocket-(key|version|extensions|protocol))$/;

const SOCKET_OPTIONS = { perMessageDeflate: false, autoPong: false, skipUTF8Validation: true } as const;

/** Opens a WebSocket to the target and, if that lets it, one to the client, and passes on what they say. */
export function forwardUpgrade(
  connection: ProxiedConnection,
  request: IncomingMessage,
  head: Buffer,
  target: URL,
): void {
  const { wire } = connection;
  const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/).filter(Boolean);
  const headers = Object.entries(request.headers).filter(([name]) => !OWN_HEADERS.test(name));
  const farWire = new Wire(connect(Number(target.port || 80), target.hostname));
  const far = new WebSocket(`ws://${target.host}${request.url}`, protocols, {
    ...SOCKET_OPTIONS,
    headers: Object.fromEntries(headers) as Record<string, string>,
    // The types want a net.Socket; ws and node:http take any Duplex.
    createConnection: (() => farWire) as unknown as typeof connect,
  });
  connection.whenEnded(() => {
    far.terminate();
    farWire.kill();
  });
  far.on('error', () => {
    if (far.readyState !== WebSocket.OPEN) connection.reset();
  });
  far.on('unexpected-response', (_, response) => {
    const raw = response.rawHeaders.flatMap((name, n, all) => (n % 2 === 0 ? [`${name}: ${all[n + 1]}`] : []));
    wire.write(`HTTP/1.1 ${response.statusCode} ${response.statusMessage}\r\n${raw.join('\r\n')}\r\n\r\n`);
    // Without `Transfer-Encoding: chunked` on its way, the body is what came.
    response.pipe(wire);
  });
  far.on('open', () => {
    const acceptor = new WebSocketServer({
      ...SOCKET_OPTIONS,
      noServer: true,
      handleProtocols: () => far.protocol || false,
    });
    acceptor.handleUpgrade(request, wire, head, (near) => {
      connection.kind = 'websocket';
      connection.closeWebSocket = (code, reason) => {
        near.close(code, reason);
        far.close(1001);
      };
      near.on('error', () => {});
      join(connection, 'up', near, { socket: far, wire: farWire });
      join(connection, 'down', far, { socket: near, wire });
    });
  });
}

/** Answers an upgrade in the server's place. */
export function refuseUpgrade(wire: Wire, status: number): void {
  wire.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Passes on what one side says to the other. */
function join(
  connection: ProxiedConnection,
  direction: FaultDirection,
  from: WebSocket,
  to: { socket: WebSocket; wire: Wire },
): void {
  const lane = new Lane(connection, direction, from);
  from.on('message', (data: Buffer, binary) => {
    const send = (done?: () => void) => to.socket.send(data, { binary }, () => done?.());
    lane.push({
      message: proxiedMessage(connection, direction, binary ? 'binary' : 'text', () => (binary ? '' : data.toString())),
      size: data.length,
      write: send,
      cut() {
        to.wire.cutAfter(middleOfFrame(data.length, direction === 'up'));
        send();
        // The side that spoke hears that the line is gone, once the half has left.
        to.wire.once('close', () => connection.reset());
      },
    });
  });
  from.on('ping', (data) => lane.push(control((done) => to.socket.ping(data, undefined, done))));
  from.on('pong', (data) => lane.push(control((done) => to.socket.pong(data, undefined, done))));
  from.on('close', (code, reason) => {
    lane.push({
      ...control((done) => {
        if (code === 1006) to.socket.terminate();
        else if (code === 1005) to.socket.close();
        else to.socket.close(code, reason);
        done();
      }),
      last: true,
    });
  });
}

function control(write: (done: () => void) => void) {
  return { message: null, size: 0, write };
}

/** RFC 6455, 5.2: how many bytes of a frame are its header and half of its payload; less than the whole. */
function middleOfFrame(payload: number, masked: boolean): number {
  const header = (payload < 126 ? 2 : payload < 65_536 ? 4 : 10) + (masked ? 4 : 0);
  return Math.min(header + Math.floor(payload / 2), header + payload - 1);
}
