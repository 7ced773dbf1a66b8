import type * as Api from '@opentelemetry/api';
import { ChatError } from '../../protocol/index.ts';

/** Values come from lists in the source, as labels do; no id, no text. */
export type SpanAttributes = Record<string, string>;

export interface ActiveSpan {
  set(attributes: SpanAttributes): void;
  /** It ended as an error, of this code. */
  fail(code: string): void;
}

/** Where traces go. */
export interface Tracer {
  /** Whether anybody looks: what only serves the traces can be left undone while nobody does. */
  readonly active: boolean;
  /** Runs `work` inside a span that ends with it. What it rejects with is recorded as its code, and passed on. */
  span<T>(
    name: string,
    kind: 'server' | 'client',
    attributes: SpanAttributes,
    work: (span: ActiveSpan) => Promise<T>,
  ): Promise<T>;
}

const silentSpan: ActiveSpan = { set() {}, fail() {} };

export const silentTracer: Tracer = { active: false, span: (_name, _kind, _attributes, work) => work(silentSpan) };

// The comment keeps webpack from failing an app's build because it has no OpenTelemetry.
const importApi = () => import(/* webpackIgnore: true */ '@opentelemetry/api');

/**
 * Spans by OpenTelemetry's standard API, where the app has it (`@opentelemetry/api`, an optional peer): they go wherever the app's SDK
 * sends them. Without it, and while it is being loaded, nothing is traced.
 */
export class LazyTracer implements Tracer {
  #tracer: OpenTelemetryTracer | null = null;
  /** Resolves when it is known whether the app has the API. */
  readonly loaded: Promise<void>;

  constructor(load: () => Promise<typeof Api> = importApi) {
    this.loaded = load().then(
      (api) => void (this.#tracer = new OpenTelemetryTracer(api)),
      () => {}, // The app has no OpenTelemetry.
    );
  }

  /** The API alone (other libraries bring it along) sends nothing anywhere: it takes the app's SDK. */
  get active(): boolean {
    return this.#tracer?.active ?? false;
  }

  span<T>(
    name: string,
    kind: 'server' | 'client',
    attributes: SpanAttributes,
    work: (span: ActiveSpan) => Promise<T>,
  ): Promise<T> {
    const tracer = this.#tracer?.active ? this.#tracer : silentTracer;
    return tracer.span(name, kind, attributes, work);
  }
}

class OpenTelemetryTracer {
  readonly #api: typeof Api;
  readonly #tracer: Api.Tracer;
  #active = false;
  readonly #kinds: Record<'server' | 'client', Api.SpanKind>;
  readonly #error: number;

  constructor(api: typeof Api) {
    this.#api = api;
    this.#tracer = api.trace.getTracer('latchkit');
    this.#kinds = { server: api.SpanKind.SERVER, client: api.SpanKind.CLIENT };
    this.#error = api.SpanStatusCode.ERROR;
  }

  /** Whether an SDK was registered; once there is one, it stays. */
  get active(): boolean {
    const { ProxyTracerProvider, trace } = this.#api;
    const provider = trace.getTracerProvider();
    this.#active ||= !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer('latchkit') !== undefined;
    return this.#active;
  }

  span<T>(
    name: string,
    kind: 'server' | 'client',
    attributes: SpanAttributes,
    work: (span: ActiveSpan) => Promise<T>,
  ): Promise<T> {
    return this.#tracer.startActiveSpan(name, { kind: this.#kinds[kind], attributes }, async (span) => {
      const active: ActiveSpan = {
        set: (more) => void span.setAttributes(more),
        fail: (code) => this.#fail(span, code),
      };
      try {
        return await work(active);
      } catch (error) {
        active.fail(codeOf(error));
        throw error;
      } finally {
        span.end();
      }
    });
  }

  /** The code alone: messages of a database hold addresses, and sometimes what was to be stored. */
  #fail(span: Api.Span, code: string): void {
    span.setStatus({ code: this.#error, message: code });
    span.setAttribute('error.type', code);
    span.recordException({ name: code, message: code });
  }
}

/** The name under which an error is counted and traced. */
export function codeOf(error: unknown): string {
  return ChatError.is(error) ? error.code : 'internal';
}
