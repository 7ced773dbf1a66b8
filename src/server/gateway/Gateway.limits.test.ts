import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../../test/support/gateway.ts';
import { TestSocket } from '../../../test/support/socket.ts';
import { TestStream, type StreamRefused } from '../../../test/support/stream.ts';
import { WIRES } from '../../../test/support/wires.ts';
import { CLOSE_CODES, MAX_FRAME_BYTES, PROTOCOL_VERSION } from '../../protocol/index.ts';
import { createChatServer } from '../createChatServer.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(stops.splice(0).map((stop) => stop())));

async function start(...options: Parameters<typeof startTestGateway>): Promise<TestGateway> {
  const server = await startTestGateway(...options);
  stops.push(() => server.stop());
  return server;
}

const UPGRADE = [
  'GET /chat/socket HTTP/1.1',
  'Host: 127.0.0.1',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
];

/** Bytes by hand, where a library would be too well behaved. */
async function rawSocket(server: TestGateway, lines: string[] = UPGRADE): Promise<{ socket: Socket; head: string }> {
  const socket = connect(Number(new URL(server.base).port), '127.0.0.1');
  socket.on('error', () => {});
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const [head] = (await once(socket, 'data')) as [Buffer];
  return { socket, head: head.toString() };
}

/** One WebSocket frame as a client sends it, masked by zeros. */
function wsFrame(opcode: number, payload: string, { fin = true } = {}): Buffer {
  const data = Buffer.from(payload);
  const length = data.length < 126 ? [data.length | 0x80] : [126 | 0x80, data.length >> 8, data.length & 255];
  return Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | opcode, ...length, 0, 0, 0, 0]), data]);
}

/** The code in the close frame that a server sends. */
async function closeCode(socket: Socket): Promise<number> {
  let all = Buffer.alloc(0);
  for await (const chunk of socket) {
    all = Buffer.concat([all, chunk as Buffer]);
    if (all[0] === 0x88 && all.length >= 4) return all.readUInt16BE(2);
  }
  return 1006;
}

describe('G2 who shows no token', () => {
  it('has nothing kept: the first frame that is no auth.open ends it, however many follow', async () => {
    const server = await start();
    const socket = await TestSocket.connect(server.socketUrl);
    for (let n = 0; n < 100; n++) socket.send({ type: 'thread.list', requestId: n });
    expect(await socket.closed).toBe(CLOSE_CODES.frame_malformed.code);
    expect(socket.frames).toEqual([]);
  });

  it('has nothing kept while the token is checked: a frame that is too early ends it', async () => {
    const server = await start();
    const socket = await TestSocket.connect(server.socketUrl);
    socket.send({ type: 'auth.open', protocol: PROTOCOL_VERSION, token: await server.mint() });
    socket.send({ type: 'thread.list', requestId: 1 });
    expect(await socket.closed).toBe(CLOSE_CODES.frame_malformed.code);
    expect(socket.frames).toEqual([]);
  });

  it('a frame that arrives a byte at a time gets no more time than one that never does', async () => {
    const server = await start();
    const { socket } = await rawSocket(server);
    const closed = closeCode(socket);
    const bytes = wsFrame(1, JSON.stringify({ type: 'auth.open', protocol: 1, token: await server.mint() }));
    for (const byte of bytes.subarray(0, 5)) {
      socket.write(Buffer.from([byte]));
      server.clock.advance(1_000);
    }
    expect(await closed).toBe(CLOSE_CODES.auth_timeout.code);
  });

  it('an upgrade that arrives a byte at a time is ended by a server with a time-out for headers', async () => {
    // What the guide tells an app to pass: how often Node looks cannot be changed once its server is made.
    const http = createServer({ headersTimeout: 300, connectionsCheckingInterval: 50 });
    const options = { secret: 'x'.repeat(32), database: ':memory:', authenticate: () => null };
    const chat = createChatServer(options);
    chat.attach(http);
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    stops.push(async () => {
      await chat.close();
      http.close();
    });
    const socket = connect((http.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => {});
    const text = UPGRADE.join('\r\n');
    let sent = 0;
    const drip = setInterval(() => socket.write(text[sent++] ?? ''), 20);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    clearInterval(drip);
    expect(answer.toString()).toContain('408 Request Timeout');
    expect(sent).toBeLessThan(text.length);
    socket.destroy();
  });
});

describe('G3 frames', () => {
  it('nothing is compressed, whatever a client offers', async () => {
    const { socket, head } = await rawSocket(await start());
    expect(head).toContain('101 Switching Protocols');
    expect(head.toLowerCase()).not.toContain('sec-websocket-extensions');
    socket.destroy();
  });

  it('fragments are put together, up to 64', async () => {
    const server = await start();
    const socket = await TestSocket.connect(server.socketUrl);
    const frame = JSON.stringify({ type: 'auth.open', protocol: PROTOCOL_VERSION, token: await server.mint() });
    const size = Math.ceil(frame.length / 60);
    for (let at = 0; at < frame.length; at += size) {
      socket.raw.send(frame.slice(at, at + size), { fin: at + size >= frame.length, binary: false });
    }
    await socket.take('auth.accepted');
  });

  it('more fragments end it, also of a frame that is small', async () => {
    const { socket } = await rawSocket(await start());
    const closed = closeCode(socket);
    socket.write(wsFrame(1, '', { fin: false }));
    for (let n = 0; n < 64; n++) socket.write(wsFrame(0, '', { fin: false }));
    expect(await closed).toBe(CLOSE_CODES.frame_too_large.code);
  });

  it('fragments that are too large together end it before the last one came', async () => {
    const { socket } = await rawSocket(await start());
    const closed = closeCode(socket);
    socket.write(wsFrame(1, 'x'.repeat(MAX_FRAME_BYTES / 2), { fin: false }));
    socket.write(wsFrame(0, 'x'.repeat(MAX_FRAME_BYTES / 2), { fin: false }));
    socket.write(wsFrame(0, 'x', { fin: false }));
    expect(await closed).toBe(CLOSE_CODES.frame_too_large.code);
  });

  it('a length that is announced and too large ends it before a byte of it came', async () => {
    const { socket } = await rawSocket(await start());
    const closed = closeCode(socket);
    socket.write(Buffer.from([0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0]));
    expect(await closed).toBe(CLOSE_CODES.frame_too_large.code);
  });

  it.each([
    ['no UTF-8', Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28])],
    ['a reserved bit', Buffer.from([0xc1, 0x80, 0, 0, 0, 0])],
    ['no mask', Buffer.from([0x81, 0x02, 0x7b, 0x7d])],
    ['an unknown opcode', Buffer.from([0x83, 0x80, 0, 0, 0, 0])],
  ])('%s ends it with the protocol’s own code', async (_, bytes) => {
    const { socket } = await rawSocket(await start());
    const closed = closeCode(socket);
    socket.write(bytes);
    expect(await closed).toBe(CLOSE_CODES.frame_malformed.code);
  });
});

describe.each(WIRES)('G4 how many ($name)', (wire) => {
  it('of one person: 20, and a place again when one closes', async () => {
    const server = await start();
    const token = await server.mint('ada');
    const clients = await Promise.all(Array.from({ length: 20 }, () => wire.open(server.base, token)));
    await expect(wire.open(server.base, token)).rejects.toThrow(/4201|429/);
    await wire.open(server.base, await server.mint('bob'));
    clients[0]!.close();
    await clients[0]!.closed;
    await expect.poll(() => wire.open(server.base, token).catch(() => null)).not.toBeNull();
  });

  it('from one address: as many as limits say, counted over both transports', async () => {
    const server = await start({ connectionsPerAddress: 3 });
    const token = await server.mint();
    const socket = await TestSocket.open(server.socketUrl, token);
    await TestStream.open(server.base, token);
    await wire.open(server.base, token);
    await expect(wire.open(server.base, token)).rejects.toThrow('429');
    socket.close();
    await socket.closed;
    await expect.poll(() => wire.open(server.base, token).catch(() => null)).not.toBeNull();
  });
});

describe('G4 how many from one address', () => {
  it('is counted by the address that one’s own proxy saw, and not by what a client writes', async () => {
    const server = await start({ connectionsPerAddress: 1 }, { trustProxy: 1 });
    const token = await server.mint();
    const from = (address: string) => TestStream.connect(server.base, token, { 'x-forwarded-for': address });
    const forged = (address: string) =>
      TestSocket.connect(server.socketUrl, { headers: { 'x-forwarded-for': `${Math.random()}, ${address}` } });
    await from('203.0.113.1');
    await forged('203.0.113.2');
    await expect(forged('203.0.113.1')).rejects.toThrow('429');
    const refused = await from('evil, 203.0.113.2').catch((error: StreamRefused) => error);
    expect(refused).toMatchObject({ status: 429, code: 'rate_limited', headers: { 'retry-after': '5' } });
  });

  it('the header is not believed unless trustProxy says so', async () => {
    const server = await start({ connectionsPerAddress: 1 });
    const token = await server.mint();
    await TestStream.connect(server.base, token, { 'x-forwarded-for': '203.0.113.1' });
    await expect(TestStream.connect(server.base, token, { 'x-forwarded-for': '203.0.113.2' })).rejects.toThrow('429');
  });
});

describe('G4 without a token', () => {
  it('who has idled longest makes room, so that idlers keep nobody out', async () => {
    const server = await start({ unauthenticated: 3 });
    const idlers: TestSocket[] = [];
    for (let n = 0; n < 3; n++) idlers.push(await TestSocket.connect(server.socketUrl));
    for (const wire of WIRES) await (await wire.open(server.base, await server.mint())).ping();
    expect(await idlers[0]!.closed).toBe(CLOSE_CODES.too_many_connections.code);
    expect(idlers[2]!.isOpen).toBe(true);
    for (let n = 0; n < 10; n++) await TestSocket.connect(server.socketUrl);
    await expect.poll(() => server.gateway.size).toBe(3 + WIRES.length);
  });

  it('who waits for the check of a token makes no room; then a newcomer is told to wait', async () => {
    let release!: () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    const server = await start({ unauthenticated: 2 });
    const read = server.storage.getUser.bind(server.storage);
    server.storage.getUser = (userId) => released.then(() => read(userId));
    const token = await server.mint();
    const early = WIRES.map((wire) => wire.open(server.base, token));
    await expect.poll(() => server.gateway.size).toBe(2);
    // The socket has been accepted, and has to have shown its token, too.
    await expect.poll(() => TestSocket.connect(server.socketUrl).catch(String)).toContain('503');
    const refused = await TestStream.connect(server.base, token).catch((error: StreamRefused) => error);
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    release();
    for (const client of await Promise.all(early)) await client.ping();
  });
});

describe.each(WIRES)('G5 floods ($name)', (wire) => {
  it('the answer says when to send again, and then it is taken', async () => {
    const server = await start();
    const client = await wire.open(server.base, await server.mint());
    for (let n = 0; n < 52; n++) client.send({ type: 'nonsense', requestId: n });
    let last = await client.take('request.refused');
    while (last.error.code === 'unknown_frame') last = await client.take('request.refused');
    expect(last).toMatchObject({ requestId: 50, error: { code: 'rate_limited', retryable: true, retryAfterMs: 50 } });
    await client.take('request.refused');
    server.clock.advance(49);
    expect((await client.request({ type: 'nonsense' }, 'request.refused')).error.code).toBe('rate_limited');
    server.clock.advance(1);
    expect((await client.request({ type: 'nonsense' }, 'request.refused')).error.code).toBe('unknown_frame');
  });

  it('a person’s connections share one bucket, and coming back is no way to a fresh one', async () => {
    const server = await start({ userFrameBurst: 60, userFramesPerSecond: 1 });
    const token = await server.mint('ada');
    const first = await wire.open(server.base, token);
    for (let n = 0; n < 40; n++) await first.ping();
    const second = await wire.open(server.base, token);
    for (let n = 0; n < 20; n++) await second.ping();
    const limited = { error: { code: 'rate_limited', retryAfterMs: 1_000 } };
    expect(await second.request({ type: 'nonsense' }, 'request.refused')).toMatchObject(limited);
    for (const client of [first, second]) {
      client.close();
      await client.closed;
    }
    await expect.poll(() => server.gateway.size).toBe(0);
    const third = await wire.open(server.base, token);
    expect(await third.request({ type: 'nonsense' }, 'request.refused')).toMatchObject(limited);
    const other = await wire.open(server.base, await server.mint('bob'));
    await other.ping();
  });
});

it('G5 who floods on in spite of refusals is not read for a while, and costs nobody else a thing', async () => {
  const server = await start();
  const flooder = await TestSocket.open(server.socketUrl, await server.mint('eve'));
  const ada = await TestSocket.open(server.socketUrl, await server.mint('ada'));
  const frame = JSON.stringify({ type: 'nonsense', requestId: 1, x: 'x'.repeat(50_000) });
  for (let n = 0; n < 2_000; n++) flooder.send(frame);
  for (let n = 0; n < 20; n++) await ada.ping();
  await expect.poll(() => flooder.frames.length).toBeGreaterThanOrEqual(100);
  const answered = flooder.frames.length;
  for (let n = 0; n < 20; n++) await ada.ping();
  // A chunk that was on its way is still read; the other hundred megabytes wait in the flooder's own memory.
  expect(flooder.frames.length).toBeLessThan(answered + 50);
  expect(flooder.raw.bufferedAmount).toBeGreaterThan(10_000_000);
});
