import { describe, test } from 'vitest';
import { latchkitBackend, type TransportName } from '../../../src/client/index.ts';
import type { RespondContext } from '../../../src/server/index.ts';
import { backendConformance } from '../../../src/testing/index.ts';
import { startTestServer } from '../../support/chat-server.ts';

const HISTORY = 65;

async function* respond({ message, signal }: RespondContext) {
  const [part] = message.parts;
  const text = part?.type === 'text' ? part.text : '';
  yield { type: 'text-start', id: 't' };
  yield { type: 'text-delta', id: 't', delta: `You said ${text}` };
  if (text === 'long') await new Promise((resolve) => signal.addEventListener('abort', resolve));
  yield { type: 'text-end', id: 't' };
  yield { type: 'finish' };
}

async function stage(transport: TransportName) {
  const server = await startTestServer({
    limits: { frameBurst: 1_000, userFrameBurst: 2_000 },
    respond,
    respondTo: ({ thread }) => thread.id === 'room',
  });
  for (const id of ['room', 'long']) await server.chat.threads.upsert({ id, title: id, members: ['ada'] });
  await server.chat.threads.upsert({ id: 'theirs', title: 'Theirs', members: ['ben'] });
  const socket = await server.connect('ada');
  for (let index = 0; index < HISTORY; index += 1) {
    const parts = [{ type: 'text' as const, text: `Message ${index}` }];
    await socket.request({ type: 'message.send', threadId: 'long', messageId: `m${index}`, parts }, 'message.accepted');
  }
  socket.close();
  const token = await server.mint('ada');
  return {
    backend: latchkitBackend({ url: `${server.url}/chat`, transport }),
    userId: 'ada',
    fetchToken: () => server.mint('ada'),
    threadId: 'room',
    history: { threadId: 'long', count: HISTORY },
    forbiddenThreadId: 'theirs',
    // Signed by nobody who may.
    refusedToken: `${token.slice(0, token.lastIndexOf('.'))}.AAAA`,
    end: () => server.stop(),
  };
}

describe.each(['websocket', 'event-stream'] as const)('latchkitBackend by %s', (transport) => {
  for (const { name, skipped, run } of backendConformance({ stage: () => stage(transport), patienceMs: 20_000 })) {
    test.skipIf(skipped)(name, run);
  }
});
