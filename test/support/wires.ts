import { TestSocket } from './socket.ts';
import { TestStream } from './stream.ts';
import type { TestClient } from './TestClient.ts';

/** Both ways to a chat server, for tests that hold whichever it is. `base` is an address as `http://127.0.0.1:1/chat`. */
export const WIRES: readonly { name: string; open: (base: string, token: string) => Promise<TestClient> }[] = [
  { name: 'WebSocket', open: (base, token) => TestSocket.open(`${base.replace(/^http/, 'ws')}/socket`, token) },
  { name: 'event stream', open: (base, token) => TestStream.open(base, token) },
];
