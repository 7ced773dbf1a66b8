import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

export interface AgUiInput {
  threadId: string;
  runId: string;
  state: unknown;
  messages: { id: string; role: string; content?: string; [field: string]: unknown }[];
  tools: { name: string }[];
  resume?: { interruptId: string; status: string; payload?: unknown }[];
}
type Event = { type: string; [field: string]: unknown };

/** An agent's far side, on a free port. A token that begins with `good` is accepted; `respond` says which events a run has. */
export async function startAgUiServer(respond: (input: AgUiInput) => readonly Event[]) {
  const posted: AgUiInput[] = [];
  let stopped = false;
  const http = createServer((request, response) => {
    if (!(request.headers.authorization ?? '').startsWith('Bearer good')) return void response.writeHead(401).end();
    void new Response(Readable.toWeb(request) as never).json().then((body) => {
      const input = body as AgUiInput;
      posted.push(input);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const { threadId, runId } = input;
      const events = respond(input);
      for (const event of [{ type: 'RUN_STARTED', threadId, runId }, ...events])
        response.write(
          `data: ${JSON.stringify(event.type === 'RUN_FINISHED' ? { threadId, runId, ...event } : event)}\n\n`,
        );
      response.on('close', () => (stopped = true));
      if (events.at(-1)?.type !== 'HANGS') response.end();
    });
    return undefined;
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/agent`,
    posted,
    get stopped() {
      return stopped;
    },
    async end() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** A message of the assistant, whole. */
export function says(text: string, messageId = `m-${Math.random()}`): Event[] {
  return [
    { type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' },
    ...(text.match(/\s*\S+/g) ?? []).map((delta) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta })),
    { type: 'TEXT_MESSAGE_END', messageId },
  ];
}

export const FINISHED: Event = { type: 'RUN_FINISHED' };
