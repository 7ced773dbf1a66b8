import { randomUUID } from 'node:crypto';

/** How a client of one contestant speaks: text frames alone. */
export interface Dialect {
  path: string;
  /** The token to come in by; absent where none is asked for. */
  token?: (port: number, user: string) => Promise<string>;
  /** What to say, and what the answer to wait for begins with, in turn; without `say`, the server speaks first. */
  greeting: (context: { token: string; thread: string }) => { say?: string; hear: string }[];
  send: (message: { thread: string; text: string; serial: number }) => string;
  /** What a delivered message begins with. */
  delivery: string;
  /** What has to be answered, and with what. */
  keepAlive?: { hear: string; say: string };
}

const latchkit = (thenList: boolean): Dialect => ({
  path: '/chat/socket',
  async token(port, user) {
    const response = await fetch(`http://127.0.0.1:${port}/chat/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-user': user },
    });
    return ((await response.json()) as { token: string }).token;
  },
  greeting: ({ token, thread }) => [
    { say: JSON.stringify({ type: 'auth.open', protocol: 1, token }), hear: '{"type":"auth.accepted"' },
    ...(thenList
      ? [{ say: JSON.stringify({ type: 'thread.list', requestId: 1 }), hear: '{"type":"thread.listed"' }]
      : []),
    {
      say: JSON.stringify({ type: 'thread.subscribe', requestId: 2, threadId: thread }),
      hear: '{"type":"thread.subscribed"',
    },
  ],
  send: ({ thread, text, serial }) =>
    JSON.stringify({
      type: 'message.send',
      requestId: serial,
      threadId: thread,
      messageId: randomUUID(),
      parts: [{ type: 'text', text }],
    }),
  delivery: '{"type":"message.created"',
});

const bareWs: Dialect = {
  path: '/',
  greeting: ({ thread }) => [{ say: JSON.stringify({ type: 'join', thread }), hear: '{"type":"joined"}' }],
  send: ({ thread, text }) => JSON.stringify({ type: 'send', thread, id: randomUUID(), text }),
  delivery: '{"type":"message.created"',
};

const socketIo: Dialect = {
  path: '/socket.io/?EIO=4&transport=websocket',
  greeting: ({ thread }) => [
    { hear: '0{' },
    { say: '40', hear: '40{' },
    { say: `420${JSON.stringify(['join', thread])}`, hear: '430[' },
  ],
  send: ({ thread, text }) => `42${JSON.stringify(['send', { thread, id: randomUUID(), text }])}`,
  delivery: '42["message.created"',
  keepAlive: { hear: '2', say: '3' },
};

export const dialects = {
  latchkit: latchkit(false),
  latchkitWithList: latchkit(true),
  bareWs,
  /** With a number that the answer carries back. */
  bareWsChat: {
    ...bareWs,
    send: ({ thread, text, serial }) =>
      JSON.stringify({ type: 'send', requestId: serial, thread, id: randomUUID(), text }),
  },
  socketIo,
  socketIoChat: {
    ...socketIo,
    send: ({ thread, text, serial }) =>
      `42${serial + 1}${JSON.stringify(['send', { thread, id: randomUUID(), text }])}`,
  },
} satisfies Record<string, Dialect>;

export type DialectName = keyof typeof dialects;
