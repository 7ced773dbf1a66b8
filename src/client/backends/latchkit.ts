import type { ServerFrame } from '../../protocol/index.ts';
import { ChatError } from '../../protocol/index.ts';
import { Connection } from '../connection/Connection.ts';
import { socketUrl } from '../connection/socket.ts';
import type { SocketConstructor } from '../connection/socket.ts';
import { browserSignals } from '../PageSignals.ts';
import type { PageSignals } from '../PageSignals.ts';
import type { BackendContext, BackendSession, ChatBackend } from './ChatBackend.ts';

export interface LatchkitBackendOptions {
  /** The server's base, absolute or relative to the page: the socket is `{url}/socket`. Default `/chat`. */
  url?: string;
  /** Default: the platform's. */
  WebSocket?: SocketConstructor;
  /** Default: the browser's own. */
  signals?: PageSignals;
}

/** Conversations on a LatchKit server, over a WebSocket. */
export function latchkitBackend(options: LatchkitBackendOptions = {}): ChatBackend {
  return { open: (context) => openSession(options, context) };
}

function openSession(options: LatchkitBackendOptions, context: BackendContext): BackendSession {
  const connection = new Connection({
    ...context,
    signals: options.signals ?? browserSignals,
    openSocket: () => new (options.WebSocket ?? platformSocket())(socketUrl(options.url ?? '/chat')),
    onFrame: (frame) => forward(frame, context),
    onConnected: (again) => {
      if (again) context.onEvent({ type: 'reconnected' });
    },
  });
  connection.start();
  return {
    async listThreads() {
      return (await connection.request({ type: 'thread.list' })).threads;
    },
    async openThread(threadId, { afterSeq } = {}) {
      const { thread, messages, hasOlder, gap } = await connection.request({
        type: 'thread.subscribe',
        threadId,
        afterSeq,
      });
      return { thread, messages, hasOlder, gap };
    },
    closeThread: (threadId) => connection.send({ type: 'thread.unsubscribe', threadId }),
    async loadOlder(threadId, { beforeSeq, limit }) {
      const page = await connection.request({ type: 'history.fetch', threadId, beforeSeq, limit });
      return { messages: page.messages, hasOlder: page.hasOlder };
    },
    async sendMessage(message) {
      return (await connection.request({ type: 'message.send', ...message })).message;
    },
    reconnect: () => connection.reconnect(),
    close: () => connection.close(),
  };
}

function forward(frame: ServerFrame, context: BackendContext): void {
  if (frame.type === 'message.created') context.onEvent({ type: 'message.created', message: frame.message });
  if (frame.type === 'thread.updated') context.onEvent({ type: 'thread.updated', thread: frame.thread });
}

function platformSocket(): SocketConstructor {
  if (typeof WebSocket !== 'undefined') return WebSocket;
  throw new ChatError('invalid_options', 'This platform has no WebSocket; pass one to latchkitBackend.');
}
