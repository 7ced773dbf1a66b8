import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * Stands before a server, and reads what clients send as slowly as it is told: their sockets fill up, as before a busy server. Answers go
 * back at once.
 */
export async function startSlowReader(target: number, { bytes, everyMs }: { bytes: number; everyMs: number }) {
  const sockets = new Set<Socket>();
  const net = createServer({ highWaterMark: bytes }, (client) => {
    const server = connect(target, '127.0.0.1');
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    server.pipe(client);
    client.pause();
    const timer = setInterval(() => {
      const piece = client.read() as Buffer | null;
      if (piece) server.write(piece);
    }, everyMs);
    client.on('close', () => clearInterval(timer));
    // Read once so that the stream begins to fill.
    client.read(0);
  });
  net.listen(0, '127.0.0.1');
  await once(net, 'listening');
  return {
    url: `http://127.0.0.1:${(net.address() as AddressInfo).port}`,
    async end() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => net.close(resolve));
    },
  };
}
