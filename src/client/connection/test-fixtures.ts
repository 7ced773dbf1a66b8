import { PROTOCOL_VERSION } from '../../protocol/index.ts';
import type { ServerFrame } from '../../protocol/index.ts';
import { createScriptedEventStreams, createScriptedSockets, FakeClock } from '../../testing/index.ts';
import type { ScriptedEventStream, ScriptedSocket } from '../../testing/index.ts';
import { createTokenManager } from '../auth/TokenManager.ts';
import { FakeSignals, jwt } from '../test-fixtures.ts';
import { Connection } from './Connection.ts';
import type { ConnectionState } from './ConnectionState.ts';
import { eventStreamTransport } from './eventStreamTransport.ts';
import { socketTransport } from './socketTransport.ts';
import type { Transport } from './Transport.ts';

const TTL = 60;

export type Via = 'websocket' | 'event-stream';

/** Either kind of scripted connection: a test that runs over both uses what both have. */
export type ScriptedLine = ScriptedSocket | ScriptedEventStream;

export type Script = (line: ScriptedLine) => void;

export function accepted(clock: FakeClock, ttl = TTL): ServerFrame {
  const user = { id: 'ada', name: 'Ada', avatarUrl: null };
  return { type: 'auth.accepted', protocol: PROTOCOL_VERSION, user, expiresInMs: ttl * 1_000, serverTime: clock.now() };
}

/** A server that accepts every token, 10 ms away. */
export function accepting(clock: FakeClock, ttl = TTL): Script {
  return (line) => {
    line.onFrame = (frame) => {
      if (frame.type === 'auth.open') line.deliver(accepted(clock, ttl));
      if (frame.type === 'auth.renew') {
        line.deliver({ type: 'auth.renewed', requestId: frame.requestId, expiresInMs: ttl * 1_000 });
      }
      if (frame.type === 'ping') line.deliver({ type: 'pong' });
    };
    clock.setTimer(() => line.open(), 10);
  };
}

/** Lines of one kind in the test's hand, and the transport that opens them. */
export function scriptedLines(via: Via, clock: FakeClock, script: Script) {
  if (via === 'websocket') {
    const lines = createScriptedSockets(script);
    return { lines, transport: socketTransport(() => new lines.WebSocket('wss://test/chat/socket')) };
  }
  const lines = createScriptedEventStreams(script);
  const url = () => 'https://test/chat';
  return { lines, transport: eventStreamTransport({ url, clock, fetch: lines.fetch }) };
}

export interface SetupOptions {
  via?: Via;
  clock?: FakeClock;
  /** Called for each new line. Default: {@link accepting}. */
  server?: Script;
  ttl?: number;
  /** In the place of `via`'s. */
  transport?: Transport;
}

export function setup(options: SetupOptions = {}) {
  const { via = 'websocket', clock = new FakeClock(), ttl = TTL, server = accepting(clock, ttl) } = options;
  const signals = new FakeSignals();
  const { lines, transport } = scriptedLines(via, clock, server);
  const states: ConnectionState[] = [];
  const frames: ServerFrame[] = [];
  const connects: boolean[] = [];
  let fail: (() => Error) | null = null;
  let mints = 0;
  const tokens = createTokenManager({
    userId: 'ada',
    clock,
    signals,
    fetchToken: () => {
      if (fail) return Promise.reject(fail());
      mints += 1;
      const iat = Math.floor(clock.now() / 1_000);
      return Promise.resolve(jwt({ sub: 'ada', iat, exp: iat + ttl, jti: mints }));
    },
  });
  const connection = new Connection({
    userId: 'ada',
    tokens,
    clock,
    signals,
    transport: options.transport ?? transport,
    onState: (state) => states.push(state),
    onFrame: (frame) => frames.push(frame),
    onConnected: ({ again }) => connects.push(again),
  });
  return {
    connection,
    clock,
    signals,
    lines,
    states,
    frames,
    connects,
    tokens,
    mints: () => mints,
    failWith: (make: (() => Error) | null) => (fail = make),
    status: () => states.at(-1)?.status ?? 'idle',
    connected: async () => {
      connection.start();
      await clock.advance(20);
      if (states.at(-1)?.status !== 'connected') throw new Error(`not connected: ${states.at(-1)?.status}`);
    },
    /** The server says something; it has arrived afterwards. */
    deliver: async (frame: ServerFrame | string, line: ScriptedLine = lines.latest) => {
      line.deliver(frame);
      await clock.settle();
    },
    /** The line ends; the client knows it afterwards. */
    drop: async (code?: number, reason?: string, line: ScriptedLine = lines.latest) => {
      line.drop(code, reason);
      await clock.settle();
    },
  };
}

/** What `fetchToken` fails with when the app's endpoint answers with a status. */
export const status = (code: number) => Object.assign(new Error('no'), { status: code });
