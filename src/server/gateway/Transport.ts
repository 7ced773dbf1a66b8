import type { ChatError } from '../../protocol/index.ts';
import type { Decoded } from './decodeFrame.ts';
import type { EncodedFrame } from './EncodedFrame.ts';

/** What a connection hears from below. */
export interface TransportListener {
  onFrame(frame: Decoded): void;
  /** The other side, or at least the way to it, lives. */
  onAlive(): void;
  /**
   * It is over: called once, and nothing after it.
   * @param code that the socket closed with; 1006 where there is none
   */
  onClosed(code: number): void;
}

/**
 * How frames reach one client: a WebSocket, an event stream with POST requests, or from inside the server for a client of another protocol.
 * Knows no token and no session.
 */
export interface Transport {
  readonly name: 'websocket' | 'events' | 'ui-stream';
  /** One request that was let in when it came, and ends by itself: its token may lapse meanwhile. One that is taken back ends it. */
  readonly isOneRequest?: boolean;
  /** Of an event stream: the secret that ties the client's requests to it. */
  readonly connectionId: string | undefined;
  /** Bytes that were sent here and that the network did not take yet. */
  readonly bufferedAmount: number;
  /** Called once, before anything else. */
  listen(listener: TransportListener): void;
  /** Sends one frame. Does nothing once it is closing. */
  send(frame: EncodedFrame): void;
  /** Makes a sign of life come (`onAlive`) if there is any life. */
  ping(): void;
  /** Reads nothing more until `resume`: a flood then waits in the sender's own memory. */
  pause(): void;
  resume(): void;
  /**
   * Says goodbye after what was sent before.
   * @param error for a client that is to be told by an HTTP status, because it has no stream yet
   */
  close(code: number, reason: string, error: ChatError): void;
  /** Ends it without a word. */
  terminate(): void;
}
