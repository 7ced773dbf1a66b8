import type { Clock } from '../clock.ts';
import { isServersWord } from './Transport.ts';
import type { LineEnd, Transport, TransportLine } from './Transport.ts';

/** How long a socket that has not failed is waited for once the event stream works: it needs a round trip more. */
const SOCKET_GRACE_MS = 2_000;

export type Way = 'socket' | 'event-stream';

/**
 * Opens both ways at once; the socket wins if the server is heard over it, the event stream if it works and the socket fails or
 * keeps still. The loser is closed. Where the server itself refuses over either, that is the answer.
 */
export function raceTransports(
  socket: Transport,
  eventStream: Transport,
  clock: Clock,
  onWon: (winner: Way) => void,
): Transport {
  return {
    open(handlers, token) {
      const lines: Partial<Record<Way, TransportLine>> = {};
      const ends: Partial<Record<Way, LineEnd>> = {};
      /** The event stream's frames, until it is known whether it wins. */
      let held: string[] = [];
      let winner: Way | null = null;
      let over = false;
      let cancelGrace: (() => void) | undefined;

      const close = (code: number) => {
        over = true;
        held = [];
        cancelGrace?.();
        lines.socket?.close(code);
        lines['event-stream']?.close(code);
      };
      const finish = (end: LineEnd) => {
        close(1000);
        handlers.onEnd(end);
      };
      const win = (way: Way) => {
        winner = way;
        cancelGrace?.();
        lines[way === 'socket' ? 'event-stream' : 'socket']?.close(1000);
        onWon(way);
      };
      const takeEventStream = () => {
        win('event-stream');
        for (const data of held.splice(0)) if (!over) handlers.onFrame(data);
      };
      const onFrame = (way: Way, data: string) => {
        if (over) return;
        if (winner === null && way === 'event-stream') {
          held.push(data);
          if (ends.socket) takeEventStream();
          else cancelGrace ??= clock.setTimer(takeEventStream, SOCKET_GRACE_MS);
          return;
        }
        if (winner === null) win('socket');
        if (winner === way) handlers.onFrame(data);
      };
      const onEnd = (way: Way, end: LineEnd) => {
        if (over || (winner !== null && winner !== way)) return;
        if (winner === null && way === 'socket' && isServersWord(end)) onWon('socket');
        if (winner === way || isServersWord(end)) return finish(end);
        ends[way] = end;
        if (way === 'event-stream') {
          held = [];
          cancelGrace?.();
        } else if (held.length > 0) return takeEventStream();
        if (ends.socket && ends['event-stream']) finish(ends.socket);
      };
      const start = (way: Way, transport: Transport) => {
        lines[way] = transport.open(
          {
            onFrame: (data) => onFrame(way, data),
            onAlive: () => {
              if (!over && winner === way) handlers.onAlive();
            },
            onEnd: (end) => onEnd(way, end),
          },
          token,
        );
      };
      start('socket', socket);
      start('event-stream', eventStream);
      return {
        send: (frame) => {
          if (winner) lines[winner]?.send(frame);
        },
        close,
      };
    },
  };
}
