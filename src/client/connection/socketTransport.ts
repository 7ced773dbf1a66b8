import { PROTOCOL_VERSION } from '../../protocol/index.ts';
import type { ClientFrame } from '../../protocol/index.ts';
import type { SocketEvent, SocketLike } from './socket.ts';
import type { Transport } from './Transport.ts';

/** Frames over a WebSocket: one message each way per frame, the token in the first one and never in the address. */
export function socketTransport(openSocket: () => SocketLike): Transport {
  return {
    open(handlers, token) {
      const socket = openSocket();
      let over = false;
      const write = (frame: ClientFrame) => socket.send(JSON.stringify(frame));
      const listen = (name: 'open' | 'message' | 'close', handle: (event: SocketEvent) => void) =>
        socket.addEventListener(name, (event) => {
          if (!over) handle(event);
        });
      // The close that follows says what is to be done; but Node's sockets throw an error that nobody listens to.
      socket.addEventListener('error', () => {});
      listen('open', () => write({ type: 'auth.open', protocol: PROTOCOL_VERSION, token: token().raw() }));
      listen('message', ({ data }) => {
        if (typeof data === 'string') handlers.onFrame(data);
        else handlers.onAlive();
      });
      listen('close', ({ code = 1006, reason = '' }) => {
        over = true;
        handlers.onEnd({ code, reason });
      });
      return {
        send: write,
        close(code) {
          if (over) return;
          over = true;
          socket.close(code);
        },
      };
    },
  };
}
