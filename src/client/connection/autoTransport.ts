import type { Clock } from '../clock.ts';
import { raceTransports } from './raceTransports.ts';
import { isServersWord, UNANSWERED } from './Transport.ts';
import type { Transport, TransportLine } from './Transport.ts';
import type { TransportMemory } from './transportMemory.ts';

/** One silent failure is anybody's; two in a row make it worth asking whether sockets go through at all. */
const FAILURES_BEFORE_RACE = 2;

export interface AutoTransportOptions {
  /** Null where the platform has no WebSocket. */
  socket: Transport | null;
  eventStream: Transport;
  memory: TransportMemory;
  clock: Clock;
}

/**
 * The WebSocket where one goes, else the event stream. A socket that fails without a word from the server says nothing about why:
 * the server may be down. So after two such failures both ways are tried at once, and the event stream is taken, and remembered,
 * only if it works while the socket does not.
 */
export function autoTransport({ socket, eventStream, memory, clock }: AutoTransportOptions): Transport {
  if (!socket) return eventStream;
  let silent = 0;
  let everHeard = false;
  let raced = false;

  const heard = (way: 'socket' | 'event-stream') => {
    silent = 0;
    everHeard = true;
    raced = false;
    if (way === 'socket') memory.forget();
  };

  /** Opens one way, and notes whether the server was heard over it. */
  const single = (transport: Transport, on: { heard(): void; silent(): void }): Transport => ({
    open(handlers, token) {
      let first = true;
      const note = (what: 'heard' | 'silent') => {
        if (first) on[what]();
        first = false;
      };
      const line = transport.open(
        {
          onFrame(data) {
            note('heard');
            handlers.onFrame(data);
          },
          onAlive: () => handlers.onAlive(),
          onEnd(end) {
            note(isServersWord(end) ? 'heard' : 'silent');
            handlers.onEnd(end);
          },
        },
        token,
      );
      return {
        send: (frame) => line.send(frame),
        close(code) {
          if (code === UNANSWERED) note('silent');
          line.close(code);
        },
      } satisfies TransportLine;
    },
  });

  return {
    open(handlers, token) {
      const known = memory.recall();
      if (silent >= FAILURES_BEFORE_RACE || known === 'lapsed') {
        raced = true;
        const race = raceTransports(socket, eventStream, clock, (winner) => {
          heard(winner);
          if (winner === 'event-stream') memory.remember();
        });
        return race.open(handlers, token);
      }
      const way = known ?? 'socket';
      return single(way === 'socket' ? socket : eventStream, {
        heard: () => heard(way),
        // What worked before and does not now: the next attempt tries both.
        silent: () => (silent = way === 'socket' ? silent + 1 : FAILURES_BEFORE_RACE),
      }).open(handlers, token);
    },
    // Who was never connected waits on a spinner; after a restart, those who were must come back in their own time.
    get hasUntriedWay() {
      return silent >= FAILURES_BEFORE_RACE && !everHeard && !raced;
    },
  };
}
