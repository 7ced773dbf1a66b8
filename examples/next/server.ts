/** Next’s App Router with the chat on the same port. Node runs this file as it is (22.18 or newer). */
import { createServer } from 'node:http';
import next from 'next';
import { chat } from './lib/chat.ts';

const port = Number(process.env.PORT ?? 4320);
const app = next({ dev: process.env.NODE_ENV !== 'production' });
await app.prepare();
const pages = app.getRequestHandler();

await chat.threads.upsert({ id: 'general', title: 'General', access: 'open' });

const server = createServer((request, response) => void pages(request, response));
chat.attach(server);
server.listen(port, () => console.log(`http://localhost:${port}`));

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void chat.close().then(() => process.exit(0)));
}
