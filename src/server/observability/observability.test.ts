import { AsyncLocalStorage } from 'node:async_hooks';
import { context, ROOT_CONTEXT, SpanStatusCode, trace, type Context, type ContextManager } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestServer, TEST_SECRET, type TestServer } from '../../../test/support/chat-server.ts';
import { TestSocket } from '../../../test/support/socket.ts';
import { CLOSE_CODES, clientFrameSchema, ERROR_REGISTRY, serverFrameSchema } from '../../protocol/index.ts';
import { METRICS } from './Meter.ts';

const METRICS_TOKEN = 'the-scrapers-own-token';
const MESSAGE = 'The launch code is 0000-swordfish';
const THREAD = 'thread-id-7f3a';
const ADA = 'user-id-ada-91c2';
const BOB = 'user-id-bob-55d1';

const exporter = new InMemorySpanExporter();

class NodeContexts implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();
  active = () => this.#storage.getStore() ?? ROOT_CONTEXT;
  with: ContextManager['with'] = (active, fn, self, ...args) => this.#storage.run(active, () => fn.call(self, ...args));
  bind: ContextManager['bind'] = (_active, target) => target;
  enable = () => this;
  disable = () => this;
}

interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** Reads Prometheus' text format, and is strict about it. */
function parse(text: string): Sample[] {
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n').filter(Boolean)) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/.exec(line);
    if (comment) {
      if (comment[1] === 'TYPE') types.set(comment[2]!, comment[3]!);
      continue;
    }
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$/.exec(line);
    if (!sample) throw new Error(`Not the text format: ${line}`);
    const [, name, labels = '', value] = sample;
    const base = name!.replace(/_(bucket|sum|count)$/, '');
    if (!types.has(name!) && types.get(base) !== 'histogram') throw new Error(`${name} has no TYPE`);
    samples.push({
      name: name!,
      labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key!, text!])),
      value: Number(value),
    });
  }
  return samples;
}

describe('a whole session, watched', () => {
  let server: TestServer;
  const logged: unknown[] = [];
  const tokens: string[] = [];
  let samples: Sample[];
  let exposed: string;

  const log = (level: string) => (message: string, details?: Record<string, unknown>) =>
    void logged.push([level, message, details]);
  const scrape = (token: string) =>
    fetch(`${server.url}/chat/metrics`, { headers: { authorization: `Bearer ${token}` } });
  const value = (name: string, labels: Record<string, string> = {}) =>
    samples.find(
      (each) => each.name === name && Object.entries(labels).every(([key, text]) => each.labels[key] === text),
    )?.value;

  beforeAll(async () => {
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
    context.setGlobalContextManager(new NodeContexts());
    server = await startTestServer({
      metrics: { token: METRICS_TOKEN },
      logger: { error: log('error'), warn: log('warn'), info: log('info'), debug: log('debug') },
    });
    await server.chat.threads.upsert({ id: THREAD, title: 'Plans', access: 'open' });
    const mint = async (user: string) => {
      const token = await server.mint(user);
      tokens.push(token);
      return token;
    };

    // Nobody is signed in; a token is forged; a page is closed before its handshake.
    await fetch(`${server.url}/chat/token`, { method: 'POST', headers: { 'x-latchkit': '1' } });
    const forged = await TestSocket.connect(server.socketUrl);
    forged.send({ type: 'auth.open', protocol: 1, token: `${(await mint(ADA)).slice(0, -3)}AAA` });
    await forged.closed;
    (await TestSocket.connect(server.socketUrl)).close();

    const ada = await TestSocket.open(server.socketUrl, await mint(ADA));
    const bob = await TestSocket.open(server.socketUrl, await mint(BOB));
    for (const socket of [ada, bob]) {
      await socket.request({ type: 'thread.subscribe', threadId: THREAD }, 'thread.subscribed');
    }
    await ada.sendText(THREAD, MESSAGE, 'message-id-aa01');
    await bob.take('message.created');
    await expect(ada.sendText('no-such-thread-0b1c', MESSAGE)).rejects.toThrow('thread_not_found');
    await expect(ada.request({ type: MESSAGE }, 'pong')).rejects.toThrow('unknown_frame');
    await ada.request({ type: 'auth.renew', token: await mint(ADA) }, 'auth.renewed');
    bob.close();
    await bob.closed;
    ada.raw.close(4777, MESSAGE); // a code of its own
    await ada.closed;
    // The server hears of it after the client does.
    await vi.waitFor(async () => {
      exposed = await (await scrape(METRICS_TOKEN)).text();
      expect(exposed).toContain('code="other"} 1');
    });
    samples = parse(exposed);
  });
  afterAll(async () => {
    await server.stop();
    trace.disable();
    context.disable();
  });

  it('counts what happened, in the format that Prometheus reads', () => {
    const websocket = { transport: 'websocket' };
    expect(value('latchkit_connections', { ...websocket, state: 'authenticated' })).toBe(0);
    expect(value('latchkit_connections', { ...websocket, state: 'unauthenticated' })).toBe(0);
    expect(value('latchkit_handshakes_total', { ...websocket, outcome: 'accepted' })).toBe(2);
    expect(value('latchkit_handshakes_total', { ...websocket, outcome: '4100' })).toBe(1);
    expect(value('latchkit_handshakes_total', { ...websocket, outcome: 'abandoned' })).toBe(1);
    expect(value('latchkit_connections_closed_total', { code: '4100' })).toBe(1);
    expect(value('latchkit_frames_received_total', { type: 'message.send' })).toBe(2);
    expect(value('latchkit_frames_received_total', { type: 'invalid' })).toBe(1);
    expect(value('latchkit_frames_sent_total', { type: 'message.accepted' })).toBe(1);
    expect(value('latchkit_requests_refused_total', { code: 'thread_not_found' })).toBe(1);
    expect(value('latchkit_requests_refused_total', { code: 'unknown_frame' })).toBe(1);
    expect(value('latchkit_messages_stored_total')).toBe(1);
    expect(value('latchkit_message_ack_seconds_count')).toBe(1);
    expect(value('latchkit_message_ack_seconds_sum')).toBeGreaterThan(0);
    expect(value('latchkit_fanout_lag_seconds_count')).toBe(2);
    expect(value('latchkit_token_requests_total', { outcome: 'minted' })).toBe(4);
    expect(value('latchkit_token_requests_total', { outcome: 'unauthenticated' })).toBe(1);
    expect(value('latchkit_storage_seconds_count', { operation: 'appendMessage', outcome: 'ok' })).toBe(1);
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(0);
    expect(value('nodejs_eventloop_lag_seconds')).toBeDefined();
  });

  it('no label holds an id: each value is from a list', () => {
    const own = samples.filter(({ name }) => name.startsWith('latchkit_'));
    const frames = [...clientFrameSchema.options, ...serverFrameSchema.options].map(
      (each) => each.entries.type.literal,
    );
    const codes = Object.values(CLOSE_CODES).map(({ code }) => String(code));
    const known: Record<string, ReadonlySet<string>> = {
      transport: new Set(['websocket', 'events']),
      state: new Set(['unauthenticated', 'authenticated']),
      type: new Set([...frames, 'invalid']),
      code: new Set([
        ...codes,
        ...Object.keys(ERROR_REGISTRY),
        '1000',
        '1001',
        '1005',
        '1006',
        '1012',
        '1013',
        'other',
      ]),
      outcome: new Set([...codes, ...Object.keys(ERROR_REGISTRY), 'accepted', 'abandoned', 'minted', 'ok']),
    };
    expect(own.length).toBeGreaterThan(50);
    for (const { name, labels } of own) {
      for (const [label, text] of Object.entries(labels)) {
        if (label === 'le') expect(text).toMatch(/^([\d.]+|\+Inf)$/);
        else if (label === 'operation') expect(text).toMatch(/^[a-z][A-Za-z]+$/);
        else expect(known[label], `${name} ${label}`).toContain(text);
      }
      const base = name.replace(/_(bucket|sum|count)$/, '') as keyof typeof METRICS;
      const metric = METRICS[name as keyof typeof METRICS] ?? METRICS[base];
      expect(
        Object.keys(labels)
          .filter((label) => label !== 'le')
          .toSorted(),
      ).toEqual([...metric.labels].toSorted());
    }
  });

  it('gives no figure to whoever has no token, and has no route without the option', async () => {
    expect((await scrape('guess')).status).toBe(401);
    expect((await fetch(`${server.url}/chat/metrics`)).status).toBe(401);
    const other = await startTestServer();
    expect(
      (await fetch(`${other.url}/chat/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } })).status,
    ).toBe(404);
    await other.stop();
  });

  it('traces each request, the database’s part under it', () => {
    const spans = exporter.getFinishedSpans();
    const named = (name: string) => spans.filter((span) => span.name === name);
    expect(named('latchkit token').map(({ attributes }) => attributes['latchkit.outcome'])).toContain('minted');
    expect(named('latchkit handshake').map(({ status }) => status.message)).toContain('4100');
    const [sent, refused] = named('latchkit message.send');
    expect(sent!.attributes).toEqual({ 'latchkit.transport': 'websocket' });
    expect(sent!.status.code).toBe(SpanStatusCode.UNSET);
    expect(refused!.status).toEqual({ code: SpanStatusCode.ERROR, message: 'thread_not_found' });
    expect(refused!.attributes['error.type']).toBe('thread_not_found');
    const [append] = named('latchkit storage.appendMessage');
    expect(append!.parentSpanContext?.spanId).toBe(sent!.spanContext().spanId);
    expect(append!.attributes).toEqual({ 'db.operation.name': 'appendMessage' });
  });

  it('logs by stable names', () => {
    const events = (logged as [string, string, { event?: string }?][]).map(([level, , details]) => [
      level,
      details?.event,
    ]);
    expect(events).toContainEqual(['debug', 'connection.opened']);
    expect(events).toContainEqual(['debug', 'connection.closed']);
    expect(events).toContainEqual(['debug', 'request.refused']);
  });

  it('T71 no token, no secret and no text of a message is in any log, figure or trace', () => {
    const spans = exporter.getFinishedSpans().map(({ name, attributes, events, status }) => ({
      name,
      attributes,
      events,
      status,
    }));
    const depth = { depth: 20, maxStringLength: null, maxArrayLength: null };
    const places = { logs: inspect(logged, depth), figures: exposed, traces: inspect(spans, depth) };
    expect(tokens).toHaveLength(4);
    for (const [place, text] of Object.entries(places)) {
      expect(text.length, place).toBeGreaterThan(1_000);
      for (const canary of [
        ...tokens,
        ...tokens.map((token) => token.split('.')[1]!),
        'eyJ',
        TEST_SECRET,
        METRICS_TOKEN,
      ]) {
        expect(text, place).not.toContain(canary);
      }
      expect(text, place).not.toContain('swordfish');
    }
    for (const text of [places.figures, places.traces]) {
      for (const id of [ADA, BOB, THREAD, 'message-id-aa01', 'no-such-thread-0b1c']) expect(text).not.toContain(id);
    }
  });
});
