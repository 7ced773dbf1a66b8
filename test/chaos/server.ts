/** The server under test, in a process of its own: it is killed without a chance to tidy up. */
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AddressInfo } from 'node:net';
import { createChatServer } from '../../src/server/index.ts';

const { DATABASE, THREADS = '', TOKEN_TTL = '60', ANSWER_WORDS = '0', WORD_MS = '0' } = process.env;
const quiet = () => {};
const tell = (message: string, details?: Record<string, unknown>) => console.error(message, details ?? '');

const words = Number(ANSWER_WORDS);

/** Says `w0 w1 w2 …`, a word at a time. */
async function* respond() {
  yield { type: 'text-start', id: 't' };
  for (let index = 0; index < words; index += 1) {
    yield { type: 'text-delta', id: 't', delta: `w${index} ` };
    await sleep(Number(WORD_MS));
  }
  yield { type: 'text-end', id: 't' };
  yield { type: 'finish' };
}

const chat = createChatServer({
  ...(words > 0 && { respond }),
  secret: 'a-secret-for-tests-of-at-least-32-bytes',
  database: DATABASE,
  ttl: Number(TOKEN_TTL),
  authenticate: (request) => {
    const id = request.headers.get('x-user');
    return id === null ? null : { id, sessionId: id };
  },
  logger: { error: tell, warn: quiet, info: quiet },
});
for (const id of THREADS.split(',')) await chat.threads.upsert({ id, title: id, access: 'open' });
const http = createServer();
chat.attach(http);
http.listen(0, '127.0.0.1', () => process.send?.({ port: (http.address() as AddressInfo).port }));
// Whoever started it is gone: nobody would end it.
process.on('disconnect', () => process.exit(0));
