import { request as startRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { eventData, EventSplitter } from './EventSplitter.ts';
import { Lane } from './Lane.ts';
import { proxiedMessage } from './proxied-message.ts';
import type { ProxiedConnection } from './ProxiedConnection.ts';

/** RFC 9110, 7.6.1: headers that belong to one leg of the way. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'transfer-encoding', 'upgrade']);

/** Passes a request on, and its answer back: an event stream event by event, anything else as it comes. */
export function forwardRequest(
  connection: ProxiedConnection,
  request: IncomingMessage,
  response: ServerResponse,
  target: URL,
): void {
  const far = startRequest({
    host: target.hostname,
    port: target.port || 80,
    method: request.method,
    path: request.url,
    headers: endToEnd(request.headers),
    agent: false,
  });
  const up = new Lane(connection, 'up', request);
  const ended = connection.whenEnded(() => far.destroy());
  // A target that is not there, or goes, is a line that breaks.
  far.on('error', () => connection.reset());
  far.on('response', (answer) => passAnswer(connection, answer, response));
  response.on('close', () => {
    up.end();
    ended();
    far.destroy();
  });
  request.on('data', (chunk: Buffer) => up.push(bytes(chunk, far)));
  request.on('end', () => up.push({ message: null, size: 0, last: true, write: () => far.end() }));
}

function passAnswer(connection: ProxiedConnection, answer: IncomingMessage, response: ServerResponse): void {
  const lane = new Lane(connection, 'down', answer);
  const events = /^text\/event-stream\b/i.test(answer.headers['content-type'] ?? '') ? new EventSplitter() : null;
  if (events) connection.kind = 'event-stream';
  response.on('close', () => {
    lane.end();
    if (events) connection.kind = 'http';
  });
  lane.push({
    message: null,
    size: 0,
    write(done) {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.headers));
      response.flushHeaders();
      done();
    },
  });
  answer.on('data', (chunk: Buffer) => {
    if (!events) return lane.push(bytes(chunk, response));
    for (const event of events.take(chunk)) {
      lane.push({
        ...bytes(event, response),
        message: proxiedMessage(connection, 'down', 'event', () => eventData(event)),
        cut() {
          // The chunk's own header, a length in hexadecimal and a line break, stands before it.
          connection.wire.cutAfter(event.length.toString(16).length + 2 + Math.floor(event.length / 2));
          response.write(event);
          connection.wire.once('close', () => connection.reset());
        },
      });
    }
  });
  answer.on('close', () => {
    const rest = events?.rest();
    if (rest?.length) lane.push(bytes(rest, response));
    lane.push({
      message: null,
      size: 0,
      last: true,
      write() {
        if (answer.complete) response.end();
        else connection.reset();
      },
    });
  });
}

function bytes(chunk: Buffer, sink: { write(chunk: Buffer, done: () => void): void }) {
  return { message: null, size: chunk.length, write: (done: () => void) => void sink.write(chunk, () => done()) };
}

function endToEnd<T extends NodeJS.Dict<string | string[]>>(headers: T): T {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name))) as T;
}
