import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { EncodedFrame } from './EncodedFrame.ts';
import { ChatSocket, SocketTransport } from './SocketTransport.ts';

let server: Server;
let transport: Promise<SocketTransport>;

beforeEach(async () => {
  server = createServer();
  const sockets = new WebSocketServer({ noServer: true, WebSocket: ChatSocket });
  transport = new Promise((resolve) =>
    server.on('upgrade', (request, wire, head) =>
      sockets.handleUpgrade(request, wire, head, (socket) => resolve(new SocketTransport(socket, wire))),
    ),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

const frame = (text: string) => new EncodedFrame(JSON.stringify(text));

async function connect() {
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const heard: unknown[] = [];
  client.on('message', (data) => heard.push(JSON.parse((data as Buffer).toString())));
  client.on('ping', () => heard.push('ping'));
  const closed = once(client, 'close').then(([code]) => Number(code));
  const served = await transport;
  const ended = new Promise<number>((resolve) =>
    served.listen({ onFrame() {}, onAlive() {}, onClosed: (code) => resolve(code) }),
  );
  if (client.readyState !== WebSocket.OPEN) await once(client, 'open');
  return { client, heard, closed, served, ended };
}

it('what was sent in the same turn arrives before the goodbye, and nothing after it', async () => {
  const { heard, closed, served } = await connect();
  served.send(frame('one'));
  served.send(frame('two'));
  expect(served.bufferedAmount).toBeGreaterThan(0);
  served.close(4_001, 'goodbye');
  served.send(frame('too late'));
  expect(await closed).toBe(4_001);
  expect(heard).toEqual(['one', 'two']);
});

it('a breach of the protocol ends it after what was sent before', async () => {
  const { client, heard, closed, served } = await connect();
  const wire = (client as unknown as { _socket: NodeJS.WritableStream })._socket;
  served.send(frame('one'));
  await turn();
  // A reserved opcode, not masked.
  wire.write(Buffer.from([0x83, 0]));
  expect(await closed).toBe(4_001);
  expect(heard).toEqual(['one']);
});

it('a ping goes out between two messages', async () => {
  const { client, heard, served } = await connect();
  served.send(frame('one'));
  served.ping();
  await once(client, 'message');
  expect(heard.toSorted()).toEqual(['one', 'ping']);
});

it('when the client is gone, what waited for it is forgotten', async () => {
  const { client, served, ended } = await connect();
  client.terminate();
  const code = ended;
  served.send(frame('one'));
  served.terminate();
  served.send(frame('two'));
  expect(await code).toBe(1_006);
  expect(served.bufferedAmount).toBe(0);
});
