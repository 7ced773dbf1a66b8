import { createServer } from 'node:http';
import { createChatServer } from '../../src/server/index.ts';

// The server under fire, in a process of its own. Answers `memory` with its figures; ends when its parent does.
const chat = createChatServer({
  secret: process.env.SECRET,
  database: process.env.DATABASE,
  authenticate: (request) => ({ id: request.headers.get('x-user') ?? 'nobody', sessionId: 's1' }),
  logger: { error: count, warn: () => {}, info: () => {} },
  // Frames are to reach what is behind the limits. What holds memory has its default, or less.
  limits: {
    frameBurst: 1e9,
    framesPerSecond: 1e9,
    userFrameBurst: 1e9,
    userFramesPerSecond: 1e9,
    queuedRequests: 1_000,
    connectionsPerUser: 1_000,
    authTimeoutMs: 30_000,
  },
  ttl: 900,
});
const errors = new Map<string, number>();
function count(message: string, details?: Record<string, unknown>): void {
  const cause = details?.cause as { message?: string; stack?: string } | undefined;
  const key = `${message} ${cause?.stack ?? cause?.message ?? ''}`;
  if (errors.size < 50 || errors.has(key)) errors.set(key, (errors.get(key) ?? 0) + 1);
}
await chat.threads.upsert({ id: 'open', title: 'Open', access: 'open' });
await chat.threads.upsert({ id: 'pair', title: 'Pair', members: ['fuzz-0', 'fuzz-1'] });
await chat.threads.upsert({ id: 'closed', title: 'Closed', members: ['good'] });
await chat.threads.upsert({ id: 'calm', title: 'Calm', members: ['good'] });
const http = createServer();
chat.attach(http);
http.listen(0, '127.0.0.1', () => process.send?.(http.address()));
process.on('message', () => {
  (globalThis as { gc?: () => void }).gc?.();
  const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
  const handles = process.getActiveResourcesInfo().length;
  process.send?.({ rss, heapTotal, heapUsed, external, handles, errors: [...errors] });
});
process.on('disconnect', () => process.exit());
