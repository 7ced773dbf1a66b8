import { createServer, type Server } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';

interface Sent {
  type: string;
  requestId?: number;
  thread: string;
  id: string;
  text: string;
}

interface Thread {
  seq: number;
  members: Set<WebSocket>;
}

/** The least that can be called a chat: no identity, no permission, no storage, no receipt; one JSON text for all. */
export const startBareWs = () => serve(broadcast);

/**
 * The same with what no chat does without: the frame is looked at before it is believed, who is not in the thread cannot write to it,
 * and who wrote is told the message's place.
 */
export const startBareWsChat = () =>
  serve((frame, thread, socket) => {
    if (!isSent(frame) || !thread.members.has(socket)) return socket.send('{"type":"refused"}');
    const sent = broadcast(frame, thread);
    socket.send(JSON.stringify({ type: 'message.accepted', requestId: frame.requestId, message: sent }));
  });

function serve(onSend: (frame: Sent, thread: Thread, socket: WebSocket) => void): Promise<Server> {
  const server = createServer();
  const threads = new Map<string, Thread>();
  new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as Sent;
      let thread = threads.get(frame.thread);
      if (!thread) threads.set(frame.thread, (thread = { seq: 0, members: new Set() }));
      if (frame.type === 'join') {
        thread.members.add(socket);
        return socket.send('{"type":"joined"}');
      }
      onSend(frame, thread, socket);
    });
  });
  return Promise.resolve(server);
}

function broadcast(frame: Sent, thread: Thread) {
  const sent = message(frame, (thread.seq += 1));
  const created = Buffer.from(JSON.stringify({ type: 'message.created', message: sent }));
  for (const member of thread.members) member.send(created, { binary: false });
  return sent;
}

/** What a server has to know of a message before it hands it on. */
export function isSent({ id, thread, text }: { id: unknown; thread: unknown; text: unknown }): boolean {
  return isId(id) && isId(thread) && typeof text === 'string' && text.length <= 10_000 && text.trim() !== '';
}

function isId(id: unknown): boolean {
  return typeof id === 'string' && id.length <= 128 && /^[!-~]+$/.test(id);
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
