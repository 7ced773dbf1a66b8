import { createParser } from 'eventsource-parser';
import { request, type IncomingMessage } from 'node:http';
import { PROTOCOL_VERSION } from '../../src/protocol/index.ts';
import { TestClient, type Closed } from './TestClient.ts';

/** The server answered the request for a stream with something else. */
export class StreamRefused extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: IncomingMessage['headers'];

  constructor(response: IncomingMessage, body: string) {
    super(`No stream: ${response.statusCode} ${body}`);
    this.status = response.statusCode ?? 0;
    this.headers = response.headers;
    const isProblem = response.headers['content-type'] === 'application/problem+json';
    this.code = isProblem ? (JSON.parse(body) as { code: string }).code : '';
  }
}

/** A {@link TestClient} over an event stream and POST requests, on node:http: it can stop reading, and vanish. */
export class TestStream extends TestClient {
  readonly response: IncomingMessage;
  /** Comments received: signs of life. */
  comments = 0;
  connectionId = '';
  readonly #base: string;
  #token: string;
  /** Sent for renewal: once it is taken, requests carry it, too. */
  #offered: string;
  /** One request after the other keeps the order. */
  #posting: Promise<unknown> = Promise.resolve();

  private constructor(base: string, token: string, response: IncomingMessage) {
    super();
    this.#base = base;
    this.#token = this.#offered = token;
    this.response = response;
    const parser = createParser({
      onEvent: ({ event, data }) => {
        if (event === 'close') this.onEnded(JSON.parse(data) as Closed);
        else this.onData(data);
        if (data.includes('"type":"auth.renewed"')) this.#token = this.#offered;
      },
      onComment: () => (this.comments += 1),
    });
    response.setEncoding('utf8').on('data', (chunk: string) => parser.feed(chunk));
    response.on('error', () => {});
    response.on('close', () => this.onEnded({ code: 1006, reason: '' }));
  }

  /** Asks for a stream. Rejects with {@link StreamRefused}. */
  static async connect(base: string, token: string, headers: Record<string, string> = {}): Promise<TestStream> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked = request(`${base}/events`, {
        agent: false,
        headers: {
          accept: 'text/event-stream',
          authorization: `Bearer ${token}`,
          'latchkit-protocol': String(PROTOCOL_VERSION),
          ...headers,
        },
      });
      asked.on('response', resolve).on('error', reject).end();
    });
    if (response.statusCode === 200) return new TestStream(base, token, response);
    let body = '';
    for await (const chunk of response.setEncoding('utf8')) body += String(chunk);
    throw new StreamRefused(response, body);
  }

  static async open(base: string, token: string): Promise<TestStream> {
    const stream = await TestStream.connect(base, token);
    stream.connectionId = (await stream.take('auth.accepted')).connectionId ?? '';
    return stream;
  }

  send(frame: unknown): void {
    const body = `[${typeof frame === 'string' ? frame : JSON.stringify(frame)}]`;
    if (isRenewal(frame)) this.#offered = frame.token;
    this.#posting = this.#posting
      .then(() => this.post(body))
      .then(
        (response) => this.#onPosted(response.status),
        () => {},
      );
  }

  /** Frames that were not taken are lost, and with them the connection; unless its end is on the way already. */
  #onPosted(status: number): void {
    if (status !== 204) setTimeout(() => this.onEnded({ code: 1006, reason: `POST was answered ${status}` }), 500);
  }

  /** One request with frames, right away. */
  post(body: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.#base}/frames`, {
      method: 'POST',
      body,
      headers: {
        authorization: `Bearer ${this.#token}`,
        'content-type': 'application/json',
        'latchkit-connection': this.connectionId,
        ...headers,
      },
    });
  }

  close(): void {
    this.response.destroy();
  }

  pause(): void {
    this.response.socket.pause();
  }

  resume(): void {
    this.response.socket.resume();
  }
}

function isRenewal(frame: unknown): frame is { type: 'auth.renew'; token: string } {
  return typeof frame === 'object' && frame !== null && 'type' in frame && frame.type === 'auth.renew';
}
