import { createServer, type Server } from 'node:http';
import { Server as SocketIo } from 'socket.io';
import { isSent, message } from './bare-ws.ts';

interface Sent {
  id: string;
  thread: string;
  text: string;
}

/** As its own documentation has a chat: rooms, and one emit to the room; its default is no compression either. */
export const startSocketIo = () => serve({ answers: false });

/** With what no chat does without, as bare ws has it: checked, from members alone, and answered by an acknowledgement. */
export const startSocketIoChat = () => serve({ answers: true });

function serve({ answers }: { answers: boolean }): Promise<Server> {
  const server = createServer();
  const io = new SocketIo(server, { serveClient: false });
  const seqs = new Map<string, number>();
  io.on('connection', (socket) => {
    socket.on('join', async (thread: string, done: () => void) => {
      await socket.join(thread);
      done();
    });
    socket.on('send', (sent: Sent, done?: (answer: object) => void) => {
      if (answers && (!isSent(sent) || !socket.rooms.has(sent.thread))) return done?.({ refused: true });
      const seq = (seqs.get(sent.thread) ?? 0) + 1;
      seqs.set(sent.thread, seq);
      const created = message(sent, seq);
      io.to(sent.thread).emit('message.created', created);
      if (answers) done?.({ message: created });
    });
  });
  return Promise.resolve(server);
}
