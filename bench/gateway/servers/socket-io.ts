import { createServer, type Server } from 'node:http';
import { Server as SocketIo } from 'socket.io';
import { message } from './bare-ws.ts';

/** As its own documentation has a chat: rooms, and one emit to the room; its default is no compression either. */
export function startSocketIo(): Promise<Server> {
  const server = createServer();
  const io = new SocketIo(server, { serveClient: false });
  const seqs = new Map<string, number>();
  io.on('connection', (socket) => {
    socket.on('join', async (thread: string, done: () => void) => {
      await socket.join(thread);
      done();
    });
    socket.on('send', (sent: { id: string; thread: string; text: string }) => {
      const seq = (seqs.get(sent.thread) ?? 0) + 1;
      seqs.set(sent.thread, seq);
      io.to(sent.thread).emit('message.created', message(sent, seq));
    });
  });
  return Promise.resolve(server);
}
