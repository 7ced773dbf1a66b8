import { ChatError, MAX_FRAME_BYTES } from '../../protocol/index.ts';
import { corsHeaders, isCrossSite, preflight } from '../token/cross-site.ts';
import { problem } from '../token/problem.ts';
import type { Connection } from './Connection.ts';
import { EventStreamTransport } from './EventStreamTransport.ts';
import type { GatewayPorts } from './GatewayPorts.ts';

/** Frames in one request. */
const MAX_BATCH = 50;
const RETRY_AFTER_SECONDS = '5';

/** What a page of another origin may send; its browser asks first. */
const ALLOWED = {
  methods: 'GET, POST',
  headers: 'authorization, content-type, latchkit-protocol, latchkit-connection',
};

/** Why nobody more is let in just now. */
export type Refusal = 'draining' | 'address_full' | 'full';

interface Door {
  refusal(address: string | null): Refusal | null;
  accept(transport: EventStreamTransport, address: string | null): Connection;
}

interface OpenStream {
  transport: EventStreamTransport;
  connection: Connection;
}

/**
 * The chat over HTTP alone, for where no WebSocket goes: `GET /events` is the server's half of a connection, `POST /frames` the
 * client's. Reads no cookie: the token is in a header, which a page of a stranger cannot send.
 */
export class EventStreams {
  readonly #ports: GatewayPorts;
  readonly #door: Door;
  readonly #open = new Map<string, OpenStream>();

  constructor(ports: GatewayPorts, door: Door) {
    this.#ports = ports;
    this.#door = door;
  }

  /** `GET /events`: the stream, or a problem document that says why not. */
  open(request: Request, address: string | null): Promise<Response> {
    return this.#answer(request, 'GET', async (headers) => {
      const refusal = this.#door.refusal(address);
      if (refusal) {
        headers.set('retry-after', RETRY_AFTER_SECONDS);
        return problem(refusal === 'address_full' ? 'rate_limited' : 'connection_lost', { headers });
      }
      const token = bearerOf(request);
      if (token === null) return problem('token_invalid', { headers });
      const transport = new EventStreamTransport(headers, (id) => this.#open.delete(id));
      const connection = this.#door.accept(transport, address);
      this.#open.set(transport.connectionId, { transport, connection });
      // Some runtimes give a request no signal.
      (request.signal as AbortSignal | undefined)?.addEventListener('abort', () => transport.terminate(), {
        once: true,
      });
      void connection.authenticate(token, Number(request.headers.get('latchkit-protocol')));
      return transport.response;
    });
  }

  /** `POST /frames`: 204 once they are taken; what they are answered with comes on the stream. */
  receive(request: Request): Promise<Response> {
    return this.#answer(request, 'POST', async (headers) => {
      const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
      if (type !== 'application/json') return problem('unsupported_media_type', { headers });
      const userId = await this.#userOf(request);
      const stream = this.#open.get(request.headers.get('latchkit-connection') ?? '');
      const owner = stream?.connection.userId ?? null;
      if (!stream || owner === null) return problem('connection_lost', { status: 404, headers });
      if (owner !== userId) return problem('user_mismatch', { headers });
      if (stream.transport.paused) {
        headers.set('retry-after', RETRY_AFTER_SECONDS);
        return problem('rate_limited', { headers });
      }
      const frames = await readFrames(request);
      if (frames === 'too_large') return problem('bad_request', { status: 413, headers });
      if (frames === 'malformed') return problem('bad_request', { headers });
      stream.transport.deliver(frames);
      return new Response(null, { status: 204, headers });
    });
  }

  async #answer(
    request: Request,
    method: 'GET' | 'POST',
    handle: (headers: Headers) => Promise<Response>,
  ): Promise<Response> {
    const { origins, logger } = this.#ports;
    const headers = corsHeaders(request, origins);
    try {
      if (request.method === 'OPTIONS') return preflight(request, origins, headers, ALLOWED);
      if (request.method !== method) {
        headers.set('allow', `${method}, OPTIONS`);
        return problem('method_not_allowed', { headers });
      }
      if (isCrossSite(request, origins)) return problem('cross_site_refused', { headers });
      return await handle(headers);
    } catch (error) {
      if (ChatError.is(error) && error.status < 500) return problem(error.code, { status: error.status, headers });
      logger.error('A request of an event stream failed.', { cause: error });
      headers.set('retry-after', RETRY_AFTER_SECONDS);
      return problem('auth_unavailable', { headers });
    }
  }

  /** Only whether it is good, and whose: the connection lives by the token that it was opened or renewed with. */
  async #userOf(request: Request): Promise<string> {
    const token = bearerOf(request);
    if (token === null) throw new ChatError('token_invalid', 'The request carries no token.');
    return (await this.#ports.verifier.verify(token)).userId;
  }
}

function bearerOf(request: Request): string | null {
  return /^bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
}

/** What a body of 1–50 frames holds, each still to be checked. */
async function readFrames(request: Request): Promise<unknown[] | 'too_large' | 'malformed'> {
  if (Number(request.headers.get('content-length')) > MAX_FRAME_BYTES) return 'too_large';
  let frames: unknown;
  try {
    const bytes = await request.arrayBuffer();
    if (bytes.byteLength > MAX_FRAME_BYTES) return 'too_large';
    frames = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // No UTF-8, no JSON, or the client went away in the middle.
    return 'malformed';
  }
  return Array.isArray(frames) && frames.length >= 1 && frames.length <= MAX_BATCH ? frames : 'malformed';
}
