import { latchkitBackend, systemClock } from '../../../src/client/index.ts';
import type { ConnectionStatus } from '../../../src/client/index.ts';
import type { Gateway } from '../Gateway.ts';
import { USER } from '../TokenEndpoint.ts';
import type { World } from '../World.ts';
import { createTabManager } from './latchkit.ts';

export interface LiveClient {
  readonly status: ConnectionStatus;
  close(): void;
}

/** A token manager and the connection that lives by it. */
export function connect(world: World, gateway: Gateway): LiveClient {
  const tokens = createTabManager(world, false);
  let status: ConnectionStatus = 'idle';
  const backend = latchkitBackend({
    url: 'https://app.example/chat',
    WebSocket: gateway.sockets.WebSocket,
    signals: { online: () => true, visible: () => true, subscribe: () => () => {} },
  });
  const line = backend.open({
    userId: USER,
    tokens,
    clock: systemClock,
    onState: (state) => (status = state.status),
    onEvent: () => {},
  });
  return {
    get status() {
      return status;
    },
    close() {
      line.close();
      tokens.dispose();
    },
  };
}
