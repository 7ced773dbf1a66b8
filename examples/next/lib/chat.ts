import { createChatServer, type ChatServer } from 'latchkit/server';
import { userFrom } from './session.ts';

const store = globalThis as { exampleChat?: ChatServer };

/** The one chat of this process: Next bundles its pages apart from server.ts, so that a module’s own variable would be two. */
export const chat = (store.exampleChat ??= createChatServer({
  secret: process.env.CHAT_SECRET ?? '', // `npx latchkit secret` makes one
  database: process.env.CHAT_DATABASE ?? '.latchkit/chat.db',
  authenticate: (request) => userFrom(request.headers.get('cookie')),
}));
