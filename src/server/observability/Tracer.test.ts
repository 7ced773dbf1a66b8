import { AsyncLocalStorage } from 'node:async_hooks';
import { context, ROOT_CONTEXT, SpanStatusCode, trace, type Context, type ContextManager } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { ChatError } from '../../protocol/index.ts';
import { LazyTracer, silentTracer } from './Tracer.ts';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
trace.setGlobalTracerProvider(provider);

/** As an app's Node SDK brings it: the active span follows the awaits. */
class NodeContexts implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();
  active = () => this.#storage.getStore() ?? ROOT_CONTEXT;
  with: ContextManager['with'] = (active, fn, self, ...args) => this.#storage.run(active, () => fn.call(self, ...args));
  bind: ContextManager['bind'] = (_active, target) => target;
  enable = () => this;
  disable = () => this;
}
context.setGlobalContextManager(new NodeContexts());

beforeEach(() => exporter.reset());
afterAll(() => {
  trace.disable();
  context.disable();
});

describe('traces', () => {
  test('are spans of the app’s own OpenTelemetry, children under their parents', async () => {
    const tracer = new LazyTracer();
    await tracer.loaded;
    expect(tracer.active).toBe(true);
    const answer = await tracer.span('outer', 'server', { 'latchkit.transport': 'events' }, async (span) => {
      await Promise.resolve();
      const inner = await tracer.span('inner', 'client', {}, () => Promise.resolve(42));
      span.set({ 'latchkit.outcome': 'minted' });
      return inner;
    });
    expect(answer).toBe(42);
    const [inner, outer] = exporter.getFinishedSpans();
    expect([inner?.name, outer?.name]).toEqual(['inner', 'outer']);
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    expect(outer?.attributes).toEqual({ 'latchkit.transport': 'events', 'latchkit.outcome': 'minted' });
    expect(outer?.status.code).toBe(SpanStatusCode.UNSET);
  });

  test('hold an error’s code and not its words, and pass the error on', async () => {
    const tracer = new LazyTracer();
    await tracer.loaded;
    const error = new ChatError('database_unavailable', 'postgres://ada:hunter2@db/chat refused "my secret text"');
    await expect(tracer.span('storage', 'client', {}, () => Promise.reject(error))).rejects.toBe(error);
    await expect(tracer.span('other', 'client', {}, () => Promise.reject(new Error('hunter2')))).rejects.toThrow();
    const spans = exporter.getFinishedSpans();
    expect(spans.map(({ status, attributes }) => [status, attributes])).toEqual([
      [{ code: SpanStatusCode.ERROR, message: 'database_unavailable' }, { 'error.type': 'database_unavailable' }],
      [{ code: SpanStatusCode.ERROR, message: 'internal' }, { 'error.type': 'internal' }],
    ]);
    expect(spans.map(({ events }) => events[0]?.name)).toEqual(['exception', 'exception']);
    expect(JSON.stringify(spans.map(({ events, attributes, status }) => [events, attributes, status]))).not.toMatch(
      /hunter2|secret text/,
    );
  });

  test('are not begun while the app has the API and no SDK', async () => {
    trace.disable();
    try {
      const tracer = new LazyTracer();
      await tracer.loaded;
      expect(tracer.active).toBe(false);
      await tracer.span('x', 'server', {}, () => Promise.resolve());
      trace.setGlobalTracerProvider(provider);
      expect(tracer.active).toBe(true);
      await tracer.span('y', 'server', {}, () => Promise.resolve());
      expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['y']);
    } finally {
      trace.setGlobalTracerProvider(provider);
    }
  });

  test('cost nothing and break nothing in an app without OpenTelemetry', async () => {
    const missing = Object.assign(new Error("Cannot find package '@opentelemetry/api'"), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    const tracer = new LazyTracer(() => Promise.reject(missing));
    await tracer.loaded;
    expect(tracer.active).toBe(false);
    await expect(tracer.span('x', 'server', {}, () => Promise.resolve(1))).resolves.toBe(1);
    await expect(silentTracer.span('x', 'server', {}, () => Promise.resolve(2))).resolves.toBe(2);
    expect(exporter.getFinishedSpans()).toEqual([]);
  });
});
