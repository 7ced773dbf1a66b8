import { setTimeout as sleep } from 'node:timers/promises';
import { TestSocket } from '../support/socket.ts';
import { toRow } from './rows.ts';
import type { Row } from './types.ts';

/** Reads whole threads by bare frames, past every client and the proxy. */
export async function readStorage(origin: string, threadIds: readonly string[]): Promise<Map<string, Row[]>> {
  const read = await Promise.all(threadIds.map((threadId) => readThread(origin, threadId)));
  return new Map(threadIds.map((threadId, n) => [threadId, read[n]!]));
}

async function readThread(origin: string, threadId: string): Promise<Row[]> {
  const headers = { 'x-latchkit': '1', 'x-user': `reader-of-${threadId}` };
  const response = await fetch(`${origin}/chat/token`, { method: 'POST', headers });
  const { token } = (await response.json()) as { token: string };
  const socket = await TestSocket.open(`${origin.replace('http', 'ws')}/chat/socket`, token);
  try {
    const page = await socket.request({ type: 'thread.subscribe', threadId }, 'thread.subscribed');
    let { hasOlder } = page;
    const messages = [...page.messages];
    while (hasOlder) {
      // The server lets 20 frames a second pass.
      await sleep(60);
      const fetch = { type: 'history.fetch', threadId, beforeSeq: messages[0]!.seq, limit: 100 };
      const older = await socket.request(fetch, 'history.page');
      messages.unshift(...older.messages);
      hasOlder = older.hasOlder;
    }
    return messages.map(toRow);
  } finally {
    socket.close();
  }
}
