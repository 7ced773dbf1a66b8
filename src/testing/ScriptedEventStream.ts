import type { ChatErrorCode, ClientFrame, ServerFrame } from '../protocol/index.ts';

/** One request with frames, as it arrived. */
export interface ScriptedPost {
  frames: ClientFrame[];
  headers: Headers;
}

/**
 * One connection over HTTP of which the test is the other end: its event stream, and the requests that carry the client's frames.
 * Scripted like a {@link ScriptedSocket}: the token that came with the first request shows as an `auth.open`.
 */
export class ScriptedEventStream {
  readonly url: string;
  /** Of the request for the stream. */
  readonly headers: Headers;
  /** 0 asked for, 1 open, 3 over. */
  readyState: 0 | 1 | 3 = 0;
  /** Every frame that the client sent, in order. */
  readonly sent: ClientFrame[] = [];
  /** The requests that the frames came in. */
  readonly posts: ScriptedPost[] = [];
  /** 1000 once the client has hung up. */
  closedByClient: number | null = null;
  /** Called for each frame that the client sends. */
  onFrame: ((frame: ClientFrame) => void) | undefined;
  /** Answers a request with frames in the place of taking them. */
  onPost: ((post: ScriptedPost) => Response | Promise<Response>) | undefined;
  /** By which the client's requests name the connection. */
  readonly connectionId: string;
  #cut = false;
  #body: ReadableStreamDefaultController<Uint8Array> | undefined;
  readonly #answer: PromiseWithResolvers<Response> = withResolvers();

  constructor(url: string, init: RequestInit, connectionId: string) {
    this.url = url;
    this.headers = new Headers(init.headers);
    this.connectionId = connectionId;
    init.signal?.addEventListener('abort', () => {
      if (this.readyState === 3) return;
      this.readyState = 3;
      this.closedByClient = 1000;
      const error = new DOMException('The operation was aborted.', 'AbortError');
      this.#answer.reject(error);
      this.#body?.error(error);
    });
  }

  /** What the client's request for the stream comes to. */
  get answer(): Promise<Response> {
    return this.#answer.promise;
  }

  /** What a request with frames comes to. */
  async post(frames: ClientFrame[], init: RequestInit): Promise<Response> {
    if (this.#cut) return new Promise(() => {});
    const post: ScriptedPost = { frames, headers: new Headers(init.headers) };
    this.posts.push(post);
    if (this.onPost) return this.onPost(post);
    if (this.readyState !== 1) return problem(404, 'not_found');
    for (const frame of frames) this.#receive(frame);
    return new Response(null, { status: 204 });
  }

  /** The stream begins. */
  open(): void {
    if (this.readyState !== 0) return;
    this.readyState = 1;
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void (this.#body = controller) });
    this.#answer.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } }));
    const token = this.headers.get('authorization')?.replace(/^Bearer /, '') ?? '';
    this.#receive({ type: 'auth.open', protocol: Number(this.headers.get('latchkit-protocol')), token });
  }

  /** The server answers with something else than a stream. */
  refuse(response: Response): void {
    if (this.readyState !== 0) return;
    this.readyState = 3;
    this.#answer.resolve(response);
  }

  /** The server sends a frame; a string travels as it is. */
  deliver(frame: ServerFrame | string): void {
    const named =
      typeof frame !== 'string' && frame.type === 'auth.accepted'
        ? { ...frame, connectionId: this.connectionId }
        : frame;
    this.write(`data: ${typeof named === 'string' ? named : JSON.stringify(named)}\n\n`);
  }

  /** Sends text or bytes as they are: a comment, half an event. */
  write(raw: string | Uint8Array): void {
    if (this.readyState !== 1 || this.#cut) return;
    this.#body?.enqueue(typeof raw === 'string' ? new TextEncoder().encode(raw) : raw);
  }

  /** The connection breaks (1006, the default), or the server ends it with `code`: by an event, or before the stream by a refusal. */
  drop(code = 1006, reason = ''): void {
    if (this.readyState === 3) return;
    if (this.readyState === 0) {
      if (code !== 1006) return this.refuse(refusalFor(code));
      this.readyState = 3;
      return this.#answer.reject(new TypeError('Failed to fetch'));
    }
    if (code !== 1006) this.write(`event: close\ndata: ${JSON.stringify({ code, reason })}\n\n`);
    this.readyState = 3;
    this.#body?.close();
  }

  /** Half-open from now on: nothing arrives on either side, and nobody is told. */
  cut(): void {
    this.#cut = true;
  }

  /** The frames of one type that the client sent. */
  sentOf<T extends ClientFrame['type']>(type: T): Extract<ClientFrame, { type: T }>[] {
    return this.sent.filter((frame): frame is Extract<ClientFrame, { type: T }> => frame.type === type);
  }

  #receive(frame: ClientFrame): void {
    this.sent.push(frame);
    this.onFrame?.(frame);
  }
}

/** All event streams that a client asked for through {@link ScriptedEventStreams.fetch}. */
export interface ScriptedEventStreams {
  /** To be given to the client in the place of the platform's. */
  fetch: typeof globalThis.fetch;
  /** In the order of asking. */
  readonly all: readonly ScriptedEventStream[];
  /** The one asked for last. Throws where there is none. */
  readonly latest: ScriptedEventStream;
  /** Those that are asked for or open. */
  readonly alive: readonly ScriptedEventStream[];
}

/** Makes a `fetch` whose event streams the test holds. `onStream` sees each new one, e.g. to script its answers. */
export function createScriptedEventStreams(onStream?: (stream: ScriptedEventStream) => void): ScriptedEventStreams {
  const all: ScriptedEventStream[] = [];
  return {
    async fetch(input, init = {}) {
      const url = input instanceof Request ? input.url : String(input);
      if (url.endsWith('/events')) {
        const stream = new ScriptedEventStream(url, init, `connection-${all.length + 1}`);
        all.push(stream);
        onStream?.(stream);
        return untilAborted(stream.answer, init.signal);
      }
      if (!url.endsWith('/frames') || typeof init.body !== 'string') return problem(404, 'not_found');
      const id = new Headers(init.headers).get('latchkit-connection');
      const stream = all.find((each) => each.connectionId === id);
      if (!stream) return problem(404, 'not_found');
      return untilAborted(stream.post(JSON.parse(init.body) as ClientFrame[], init), init.signal);
    },
    all,
    get latest() {
      const last = all.at(-1);
      if (!last) throw new Error('The client has asked for no event stream yet.');
      return last;
    },
    get alive() {
      return all.filter((stream) => stream.readyState < 2);
    },
  };
}

function problem(status: number, code: ChatErrorCode): Response {
  const headers = { 'content-type': 'application/problem+json' };
  return new Response(JSON.stringify({ status, code, detail: `Scripted: ${code}.` }), { status, headers });
}

/** The refusal before a stream that means what the close code does. */
function refusalFor(code: number): Response {
  if (code >= 4100 && code < 4200) return problem(401, 'token_invalid');
  if (code >= 4200 || code === 1012 || code === 1013) return problem(503, 'connection_lost');
  return problem(code === 4004 ? 403 : 400, code === 4004 ? 'user_mismatch' : 'bad_request');
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new DOMException('The operation was aborted.', 'AbortError')));
    promise.then(resolve, reject);
  });
}

interface PromiseWithResolvers<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((whenDone, whenFailed) => {
    resolve = whenDone;
    reject = whenFailed;
  });
  promise.catch(() => {}); // Who asked is told; a stream that nobody asks for any more is no fault.
  return { promise, resolve, reject };
}
