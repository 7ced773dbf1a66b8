/** The server under test, in a process of its own: it is killed without a chance to tidy up. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createChatServer } from '../../src/server/index.ts';

const { DATABASE, THREADS = '', TOKEN_TTL = '60' } = process.env;
const quiet = () => {};
const tell = (message: string, details?: Record<string, unknown>) => console.error(message, details ?? '');

const chat = createChatServer({
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
