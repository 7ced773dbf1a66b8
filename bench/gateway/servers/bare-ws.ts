import { createServer, type Server } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';

/** The least that can be called a chat: no identity, no permission, no storage, no receipt; one JSON text for all. */
export function startBareWs(): Promise<Server> {
  const server = createServer();
  const threads = new Map<string, { seq: number; members: Set<WebSocket> }>();
  new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as { type: string; thread: string; id: string; text: string };
      let thread = threads.get(frame.thread);
      if (!thread) threads.set(frame.thread, (thread = { seq: 0, members: new Set() }));
      if (frame.type === 'join') {
        thread.members.add(socket);
        return socket.send('{"type":"joined"}');
      }
      const created = Buffer.from(
        JSON.stringify({ type: 'message.created', message: message(frame, (thread.seq += 1)) }),
      );
      for (const member of thread.members) member.send(created, { binary: false });
    });
  });
  return Promise.resolve(server);
}

/** A message with what LatchKit's has in it, so that all send the same number of bytes. */
export function message(sent: { id: string; thread: string; text: string }, seq: number) {
  return {
    id: sent.id,
    threadId: sent.thread,
    seq,
    version: seq,
    author: { id: 'user-0001', name: 'user-0001', avatarUrl: null },
    parts: [{ type: 'text', text: sent.text }],
    createdAt: Date.now(),
    editedAt: null,
    deletedAt: null,
    reactions: [],
  };
}
