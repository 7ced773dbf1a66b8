import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createFaultProxy } from './createFaultProxy.ts';
import type { FaultMessage, FaultProxy } from './faults/types.ts';

/** Says everything back, over each of the ways that a chat server has. */
async function startEcho() {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: true });
  const heard: string[] = [];
  const closes: number[] = [];
  const streams: ServerResponse[] = [];
  const peers = new Set<Socket>();
  const http = createServer((request, response) => void answer(request, response));
  http.on('connection', (socket: Socket) => {
    peers.add(socket);
    socket.on('close', () => peers.delete(socket));
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      streams.push(response);
      return;
    }
    const body: Buffer[] = [];
    for await (const chunk of request) body.push(chunk as Buffer);
    response.writeHead(201, { 'x-method': request.method, 'set-cookie': ['a=1', 'b=2'] });
    response.end(Buffer.concat(body));
  }
  http.on('upgrade', (request, socket, head) => {
    if (request.url === '/forbidden') {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
      ws.on('error', () => {});
      ws.on('close', (code) => closes.push(code));
      ws.on('message', (data: Buffer, binary) => {
        heard.push(binary ? `${data.length} bytes` : data.toString());
        ws.send(data, { binary });
      });
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    heard,
    closes,
    streams,
    peers,
    sockets,
    async stop() {
      for (const peer of peers) peer.destroy();
      http.close();
      await once(http, 'close');
    },
  };
}

/** A client that keeps what it hears. */
class Client {
  readonly socket: WebSocket;
  readonly heard: string[] = [];
  /** The close code, once there is one. */
  readonly closed: Promise<number>;
  readonly error: Promise<Error>;

  constructor(url: string, path = '/socket') {
    this.socket = new WebSocket(url.replace('http', 'ws') + path, { handshakeTimeout: 20_000 });
    this.socket.on('message', (data: Buffer) => this.heard.push(data.toString()));
    this.closed = new Promise((resolve) => this.socket.on('close', resolve));
    this.error = new Promise((resolve) => this.socket.on('error', resolve));
    opened.add(this.socket);
  }

  static async open(url: string): Promise<Client> {
    const client = new Client(url);
    await once(client.socket, 'open');
    return client;
  }

  say(...texts: string[]): void {
    for (const text of texts) this.socket.send(text);
  }

  async hears(...texts: string[]): Promise<void> {
    await expect.poll(() => this.heard, { interval: 5, timeout: 3_000 }).toEqual(texts);
  }
}

const opened = new Set<WebSocket>();
let echo: Awaited<ReturnType<typeof startEcho>>;
let proxy: FaultProxy;

beforeEach(async () => {
  echo = await startEcho();
  proxy = await createFaultProxy({ target: echo.url, seed: 7 });
});
afterEach(async () => {
  for (const socket of opened) socket.terminate();
  opened.clear();
  await proxy.close();
  await echo.stop();
});

/** Long enough for anything on its way in this machine to arrive. */
const settle = () => sleep(60);

describe('without a fault', () => {
  test('text, binary, ping, pong, subprotocol and close codes pass both ways', async () => {
    const client = await Client.open(proxy.url);
    const large = 'ä'.repeat(200_000);
    client.say('one', '', large);
    client.socket.send(Buffer.from([1, 2, 3]));
    await client.hears('one', '', large, '\u0001\u0002\u0003');
    expect(echo.heard.at(-1)).toBe('3 bytes');
    client.socket.ping('are you there');
    const [pong] = (await once(client.socket, 'pong')) as [Buffer];
    expect(pong.toString()).toBe('are you there');
    const spoken = new WebSocket(proxy.url.replace('http', 'ws'), ['chat', 'other']);
    opened.add(spoken);
    await once(spoken, 'open');
    expect(spoken.protocol).toBe('chat');
    client.socket.close(4123, 'enough');
    expect(await client.closed).toBe(4123);
    await expect.poll(() => echo.closes).toEqual([4123]);
  });

  test('the server’s close code and reason reach the client', async () => {
    const client = await Client.open(proxy.url);
    const closed = once(client.socket, 'close');
    for (const socket of echo.sockets.clients) socket.close(4200, 'too slow');
    const [code, reason] = (await closed) as [number, Buffer];
    expect([code, reason.toString()]).toEqual([4200, 'too slow']);
  });

  test('other HTTP passes: method, status, headers, bodies of a megabyte', async () => {
    const body = 'x'.repeat(1_000_000);
    const response = await fetch(`${proxy.url}/any`, { method: 'PUT', body });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-method')).toBe('PUT');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect((await response.text()) === body).toBe(true);
  });

  test('a refused upgrade passes with its status and body', async () => {
    const client = new Client(proxy.url, '/forbidden');
    expect((await client.error).message).toContain('403');
  });

  test('connections tell what they are, and what passed', async () => {
    const client = await Client.open(proxy.url);
    client.say('a', 'b');
    await client.hears('a', 'b');
    expect(proxy.connections).toMatchObject([
      { id: 1, kind: 'websocket', path: '/socket', forwarded: { up: 2, down: 2 } },
    ]);
    client.socket.close();
    await expect.poll(() => proxy.connections).toEqual([]);
  });

  test('a target that is not there is a line that breaks; the next target gets what comes next', async () => {
    const other = await startEcho();
    const { url } = other;
    await other.stop();
    proxy.setTarget(url);
    await new Client(proxy.url).error;
    await expect(fetch(proxy.url)).rejects.toThrow();
    proxy.setTarget(echo.url);
    await Client.open(proxy.url);
    await expect(createFaultProxy({ target: 'https://example.com' })).rejects.toThrow(TypeError);
  });

  test('a server that dies ends the client’s socket without a close code', async () => {
    const client = await Client.open(proxy.url);
    for (const peer of echo.peers) peer.resetAndDestroy();
    expect(await client.closed).toBe(1006);
  });
});

describe('drop', () => {
  test('drops the next few in one direction, then no more', async () => {
    const client = await Client.open(proxy.url);
    proxy.drop(2, { direction: 'down' });
    client.say('1', '2', '3');
    await client.hears('3');
    expect(echo.heard).toEqual(['1', '2', '3']);
    expect(proxy.totals.dropped).toBe(2);
  });

  test('drops what a predicate picks, by direction, text and JSON, until undone', async () => {
    const client = await Client.open(proxy.url);
    const seen: FaultMessage[] = [];
    const undo = proxy.drop((message) => {
      seen.push(message);
      return (message.json as { drop?: boolean } | undefined)?.drop === true;
    });
    client.say('{"drop":true}', 'no JSON');
    await client.hears('no JSON');
    expect(seen.map(({ direction, kind, text }) => [direction, kind, text])).toEqual([
      ['up', 'text', '{"drop":true}'],
      ['up', 'text', 'no JSON'],
      ['down', 'text', 'no JSON'],
    ]);
    undo();
    undo();
    client.say('{"drop":true}');
    await client.hears('no JSON', '{"drop":true}');
  });

  test('drops on one connection and not on the other', async () => {
    const [ada, ben] = [await Client.open(proxy.url), await Client.open(proxy.url)];
    proxy.drop(() => true, { connection: proxy.connections[0] });
    ada.say('lost');
    ben.say('kept');
    await ben.hears('kept');
    await settle();
    expect(ada.heard).toEqual([]);
  });

  test('a ping is no message: it passes', async () => {
    const client = await Client.open(proxy.url);
    proxy.drop(() => true);
    client.socket.ping();
    await once(client.socket, 'pong');
  });
});

describe('delay', () => {
  test('delays by a range and keeps the order; undone, what waits goes at once', async () => {
    const client = await Client.open(proxy.url);
    const undoRange = proxy.delay([20, 80], { direction: 'up' });
    const start = performance.now();
    client.say('1', '2', '3', '4', '5');
    await client.hears('1', '2', '3', '4', '5');
    expect(performance.now() - start).toBeGreaterThan(20);
    undoRange();
    const undo = proxy.delay(60_000);
    client.say('6');
    await settle();
    expect(client.heard).toHaveLength(5);
    undo();
    await client.hears('1', '2', '3', '4', '5', '6');
  });

  test('an answer over HTTP is delayed too', async () => {
    proxy.delay(100, { direction: 'down' });
    const start = performance.now();
    expect((await fetch(proxy.url)).status).toBe(201);
    expect(performance.now() - start).toBeGreaterThan(95);
  });
});

test('duplicate: the picked message arrives twice, the next one once', async () => {
  const client = await Client.open(proxy.url);
  proxy.duplicate(1, { direction: 'down' });
  client.say('1', '2');
  await client.hears('1', '1', '2');
  const undo = proxy.duplicate(({ text }) => text === 'x', { direction: 'up' });
  client.say('x');
  await client.hears('1', '1', '2', 'x', 'x');
  undo();
  client.say('x');
  await client.hears('1', '1', '2', 'x', 'x', 'x');
});

describe('reorder', () => {
  test('one connection’s messages wait while another’s pass, and come in their own order', async () => {
    const [ada, ben] = [await Client.open(proxy.url), await Client.open(proxy.url)];
    const undo = proxy.reorder(({ id }) => id === 1, { direction: 'up' });
    ada.say('a1', 'a2');
    await settle();
    ben.say('b1', 'b2');
    await ben.hears('b1', 'b2');
    expect(echo.heard).toEqual(['b1', 'b2']);
    undo();
    await ada.hears('a1', 'a2');
    expect(echo.heard).toEqual(['b1', 'b2', 'a1', 'a2']);
  });

  test('lets go by itself once so many passed elsewhere', async () => {
    const [ada, ben] = [await Client.open(proxy.url), await Client.open(proxy.url)];
    proxy.reorder(proxy.connections[0]!, { direction: 'up', after: 2 });
    ada.say('a');
    await settle();
    ben.say('b1');
    await ben.hears('b1');
    expect(echo.heard).toEqual(['b1']);
    ben.say('b2', 'b3');
    await ada.hears('a');
    expect(echo.heard.slice(0, 2)).toEqual(['b1', 'b2']);
  });
});

describe('halfOpen', () => {
  test('nothing passes, no end is heard, and the undo delivers what waited', async () => {
    const client = await Client.open(proxy.url);
    const undo = proxy.halfOpen();
    client.say('1');
    for (const socket of echo.sockets.clients) socket.send('from the server');
    await settle();
    expect([echo.heard, client.heard]).toEqual([[], []]);
    undo();
    await expect.poll(() => [...client.heard].sort()).toEqual(['1', 'from the server']);
  });

  test('the server’s end is not heard while it lasts, nor the client’s by the server', async () => {
    const [ada, ben] = [await Client.open(proxy.url), await Client.open(proxy.url)];
    const undo = proxy.halfOpen();
    ada.socket.terminate();
    await settle();
    expect(echo.sockets.clients.size).toBe(2);
    for (const peer of echo.peers) peer.resetAndDestroy();
    await settle();
    expect(ben.socket.readyState).toBe(WebSocket.OPEN);
    undo();
    expect(await ben.closed).toBe(1006);
    await expect.poll(() => proxy.connections).toEqual([]);
  });

  test('a new connection opens and hears nothing; one outside of the scope goes on', async () => {
    const ada = await Client.open(proxy.url);
    const undo = proxy.halfOpen({ connection: ({ id }) => id > 1 });
    const ben = new Client(proxy.url);
    ada.say('still here');
    await ada.hears('still here');
    expect(ben.socket.readyState).toBe(WebSocket.CONNECTING);
    undo();
    await once(ben.socket, 'open');
  });
});

test('slowReader: bytes trickle at the speed, the server feels it, and the undo lets the rest go', async () => {
  const client = await Client.open(proxy.url);
  const undo = proxy.slowReader(50_000);
  const start = performance.now();
  client.say('x'.repeat(20_000));
  await expect.poll(() => client.heard.length, { timeout: 3_000 }).toBe(1);
  expect(performance.now() - start).toBeGreaterThan(300);
  const [server] = echo.sockets.clients;
  for (let n = 0; n < 400; n++) server!.send(Buffer.alloc(65_536));
  await settle();
  expect(server!.bufferedAmount).toBeGreaterThan(1_000_000);
  undo();
  await expect.poll(() => client.heard.length, { timeout: 10_000 }).toBe(401);
});

describe('cutMidFrame', () => {
  test.each(['down', 'up'] as const)(
    '%s: the message is never whole, and both ends lose the line',
    async (direction) => {
      const client = await Client.open(proxy.url);
      const bytes: number[] = [];
      (client.socket as unknown as { _socket: Socket })._socket.on('data', (chunk: Buffer) => bytes.push(chunk.length));
      client.say('before');
      await client.hears('before');
      bytes.length = 0;
      proxy.cutMidFrame(({ text }) => text.startsWith('long'), { direction });
      client.say('long'.repeat(1_000));
      expect(await client.closed).toBe(1006);
      expect(client.heard).toEqual(['before']);
      // A frame of 4,000 bytes has a header of 4.
      expect(bytes.reduce((sum, length) => sum + length, 0)).toBe(direction === 'down' ? 4 + 2_000 : 0);
      expect(echo.heard).toHaveLength(direction === 'down' ? 2 : 1);
      await expect.poll(() => echo.closes).toEqual([1006]);
      const next = await Client.open(proxy.url);
      next.say('long again');
      await next.hears('long again');
    },
  );

  test('undone in time, it cuts nothing', async () => {
    const client = await Client.open(proxy.url);
    proxy.cutMidFrame()();
    client.say('whole');
    await client.hears('whole');
  });
});

test('closeWith: the client hears the code and the reason, the server that it went away', async () => {
  const [ada, ben] = [await Client.open(proxy.url), await Client.open(proxy.url)];
  const closed = once(ada.socket, 'close');
  expect(proxy.closeWith(1012, 'restart', { connection: ({ id }) => id === 1 })).toBe(1);
  const [code, reason] = (await closed) as [number, Buffer];
  expect([code, reason.toString()]).toEqual([1012, 'restart']);
  await expect.poll(() => echo.closes).toEqual([1001]);
  ben.say('still here');
  await ben.hears('still here');
});

test('cut: both ends lose the line at once', async () => {
  const client = await Client.open(proxy.url);
  expect(proxy.cut()).toBe(1);
  expect(await client.closed).toBe(1006);
  await expect.poll(() => echo.closes).toEqual([1006]);
  expect(proxy.connections).toEqual([]);
});

test('refuseConnections: new ones are reset, the open one goes on, the undo lets in again', async () => {
  const client = await Client.open(proxy.url);
  const undo = proxy.refuseConnections();
  await new Client(proxy.url).error;
  await expect(fetch(proxy.url)).rejects.toThrow();
  client.say('open');
  await client.hears('open');
  undo();
  await Client.open(proxy.url);
  expect(proxy.totals.refused).toBe(2);
});

test('refuseUpgrades: the status answers them while other HTTP passes, until undone', async () => {
  const undo = proxy.refuseUpgrades(403);
  expect((await new Client(proxy.url).error).message).toContain('403');
  expect((await fetch(proxy.url)).status).toBe(201);
  undo();
  await Client.open(proxy.url);
});

test('flap: cuts and refuses, lets in again, and so on until undone', async () => {
  const undo = proxy.flap(100, [80, 120]);
  for (let round = 1; round <= 2; round++) {
    const client = await untilOpen();
    expect(await client.closed).toBe(1006);
    await expect.poll(() => Client.open(proxy.url).catch(() => 'refused')).toBe('refused');
  }
  expect(proxy.totals.refused).toBeGreaterThanOrEqual(2);
  undo();
  const client = await Client.open(proxy.url);
  await sleep(250);
  expect(client.socket.readyState).toBe(WebSocket.OPEN);
});

/** Comes back until it is let in, and stays to be cut. */
async function untilOpen(): Promise<Client> {
  for (;;) {
    const client = await Client.open(proxy.url).catch(() => null);
    if (client) return client;
    await sleep(10);
  }
}

describe('an event stream', () => {
  async function listen() {
    const abort = new AbortController();
    const response = await fetch(`${proxy.url}/events`, { signal: abort.signal });
    let text = '';
    const ended = (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of response.body!) text += decoder.decode(chunk, { stream: true });
    })().then(
      () => 'ended' as const,
      () => 'broken' as const,
    );
    return { read: () => text, ended, abort, server: echo.streams.at(-1)! };
  }

  test('passes byte for byte as it comes; what a client ends, ends at the server', async () => {
    const stream = await listen();
    stream.server.write(': hello\n\ndata: {"n"');
    await expect.poll(stream.read).toBe(': hello\n\n');
    stream.server.write(':1}\r\n\r\nevent: x\rdata: a\rdata: b\r\r');
    stream.server.write('half');
    await expect.poll(stream.read).toBe(': hello\n\ndata: {"n":1}\r\n\r\nevent: x\rdata: a\rdata: b\r\r');
    expect(proxy.connections).toMatchObject([{ kind: 'event-stream', path: '/events' }]);
    const gone = once(stream.server, 'close');
    stream.abort.abort();
    await gone;
  });

  test('ends whole when the server ends it, in the middle of an event too, and breaks when that breaks', async () => {
    const whole = await listen();
    whole.server.end('data: 1\n\ndata: 2');
    expect(await whole.ended).toBe('ended');
    expect(whole.read()).toBe('data: 1\n\ndata: 2');
    const broken = await listen();
    broken.server.destroy();
    expect(await broken.ended).toBe('broken');
  });

  test('faults on messages see its events', async () => {
    const stream = await listen();
    proxy.drop(({ kind, json }) => kind === 'event' && (json as { n: number }).n === 1);
    proxy.duplicate(({ text }) => text === '{"n":2}');
    stream.server.write('data: {"n":1}\n\ndata: {"n":2}\n\ndata: {"n":3}\n\n');
    await expect.poll(stream.read).toBe('data: {"n":2}\n\ndata: {"n":2}\n\ndata: {"n":3}\n\n');
  });

  test('half-open and cut in the middle of an event', async () => {
    const stream = await listen();
    const undo = proxy.halfOpen();
    stream.server.write('data: 1\n\n');
    await settle();
    expect(stream.read()).toBe('');
    undo();
    await expect.poll(stream.read).toBe('data: 1\n\n');
    proxy.cutMidFrame();
    const gone = once(stream.server, 'close');
    stream.server.write(`data: ${'x'.repeat(94)}\n\n`);
    expect(await stream.ended).toBe('broken');
    expect(stream.read()).toBe(`data: 1\n\ndata: ${'x'.repeat(45)}`);
    await gone;
  });
});

describe('the end', () => {
  test('heal undoes every fault', async () => {
    proxy.refuseConnections();
    proxy.refuseUpgrades();
    proxy.flap(60_000, 60_000);
    proxy.halfOpen();
    proxy.drop(() => true);
    proxy.heal();
    const client = await Client.open(proxy.url);
    client.say('through');
    await client.hears('through');
  });

  test('close leaves no socket, no timer and no port, whatever was held', async () => {
    const resources = () => process.getActiveResourcesInfo().filter((name) => /^(TCP|Timeout)/.test(name)).length;
    const before = resources();
    const own = await createFaultProxy({ target: echo.url });
    const client = await Client.open(own.url);
    const slow = await Client.open(own.url);
    own.delay(60_000, { connection: own.connections[0] });
    own.slowReader(1, { connection: own.connections[1] });
    own.flap(60_000, 60_000);
    client.say('never');
    slow.say('x'.repeat(1_000));
    void fetch(`${own.url}/events`).catch(() => {});
    await settle();
    own.halfOpen();
    await own.close();
    await Promise.all([client.closed, slow.closed]);
    await new Promise<void>((resolve) => {
      const port = Number(new URL(own.url).port);
      connect(port, '127.0.0.1').on('error', () => resolve());
    });
    expect(own.connections).toEqual([]);
    await expect.poll(() => echo.peers.size).toBe(0);
    await expect.poll(resources).toBeLessThanOrEqual(before);
  });
});
