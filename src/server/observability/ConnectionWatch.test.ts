import { describe, expect, test, vi } from 'vitest';
import { ChatError } from '../../protocol/index.ts';
import { systemClock } from '../clock.ts';
import { ConnectionWatch } from './ConnectionWatch.ts';
import { PrometheusMeter } from './PrometheusMeter.ts';
import { silentTracer } from './Tracer.ts';

async function watched() {
  const meter = await PrometheusMeter.load();
  let now = 0;
  const telemetry = { meter, tracer: silentTracer, stopwatch: () => now };
  const logger = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn() };
  const open = () => new ConnectionWatch({ telemetry, logger, clock: systemClock }, 'websocket');
  const figures = async () => (await meter.expose()).split('\n').filter((line) => line.startsWith('latchkit_'));
  return { open, figures, logger, advance: (ms: number) => (now += ms) };
}
const events = (log: ReturnType<typeof vi.fn>) =>
  log.mock.calls.map(([, details]) => (details as { event: string }).event);

describe('what is told of a connection', () => {
  test('its life: waiting, open, gone', async () => {
    const { open, figures, logger } = await watched();
    const watch = open();
    const gauge = (state: string) => `latchkit_connections{transport="websocket",state="${state}"}`;
    expect(await figures()).toContain(`${gauge('unauthenticated')} 1`);
    watch.authenticated('ada');
    expect(await figures()).toEqual(
      expect.arrayContaining([`${gauge('unauthenticated')} 0`, `${gauge('authenticated')} 1`]),
    );
    watch.closed(1001);
    const last = await figures();
    expect(last).toContain(`${gauge('authenticated')} 0`);
    expect(last).toContain('latchkit_handshakes_total{transport="websocket",outcome="accepted"} 1');
    expect(last).toContain('latchkit_connections_closed_total{transport="websocket",code="1001"} 1');
    expect(events(logger.debug)).toEqual(['connection.opened', 'connection.closed']);
    expect(logger.debug).toHaveBeenLastCalledWith(
      expect.any(String),
      expect.objectContaining({ userId: 'ada', code: 1001, transport: 'websocket', framesReceived: 0, framesSent: 0 }),
    );
  });

  test('a handshake that failed, by the code that the server closed with and not by its echo', async () => {
    const { open, figures } = await watched();
    const refused = open();
    refused.closing(4100);
    refused.closed(1005);
    open().closed(1006);
    const outcomes = (await figures()).filter((line) => line.startsWith('latchkit_handshakes_total'));
    expect(outcomes).toEqual([
      'latchkit_handshakes_total{transport="websocket",outcome="4100"} 1',
      'latchkit_handshakes_total{transport="websocket",outcome="abandoned"} 1',
    ]);
  });

  test('a peer cannot make a series of every number that it closes with', async () => {
    const { open, figures } = await watched();
    for (let code = 4500; code < 4600; code++) open().closed(code);
    const closed = (await figures()).filter((line) => line.startsWith('latchkit_connections_closed_total'));
    expect(closed).toEqual(['latchkit_connections_closed_total{transport="websocket",code="other"} 100']);
  });

  test('frames and refusals by their names', async () => {
    const { open, figures, logger } = await watched();
    const watch = open();
    watch.received({ kind: 'frame', frame: { type: 'ping' } });
    watch.received({ kind: 'refused' });
    watch.received({ kind: 'malformed' });
    watch.sent({ type: 'pong' });
    watch.sent({ type: 'request.refused', requestId: 1, error: new ChatError('unknown_frame', 'no').toWire() });
    expect(await figures()).toEqual(
      expect.arrayContaining([
        'latchkit_frames_received_total{type="ping"} 1',
        'latchkit_frames_received_total{type="invalid"} 2',
        'latchkit_frames_sent_total{type="pong"} 1',
        'latchkit_requests_refused_total{code="unknown_frame"} 1',
      ]),
    );
    expect(events(logger.debug)).toEqual(['request.refused']);
  });

  test('how long an acknowledgement took, its wait included; a refused one is none', async () => {
    const { open, figures, advance } = await watched();
    const watch = open();
    const arrived = watch.now();
    advance(200);
    await watch.handle('message.send', () => {
      advance(50);
      return Promise.resolve();
    });
    watch.stored(arrived);
    const refusal = new ChatError('thread_forbidden', 'no');
    await expect(watch.handle('message.send', () => Promise.reject(refusal))).rejects.toBe(refusal);
    expect(await figures()).toEqual(
      expect.arrayContaining([
        'latchkit_message_ack_seconds_sum 0.25',
        'latchkit_message_ack_seconds_count 1',
        'latchkit_messages_stored_total 1',
      ]),
    );
  });

  test('a slow reader, in a warning of its own', async () => {
    const { open, figures, logger } = await watched();
    open().tooSlow(2_000_000);
    expect(await figures()).toContain('latchkit_slow_readers_total{transport="websocket"} 1');
    expect(logger.warn).toHaveBeenCalledWith(
      expect.any(String),
      expect.objectContaining({ event: 'connection.slow', bufferedBytes: 2_000_000 }),
    );
  });
});
