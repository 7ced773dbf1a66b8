import { ChatError, type ChatUser } from '../protocol/index.ts';
import { isId } from './token/claims.ts';
import type { AuthenticatedUser, ChatServerOptions, ThreadInput } from './types.ts';

const MAX_NAME_LENGTH = 200;
const MAX_URL_LENGTH = 1_000;

/** The options with their defaults. What the token endpoint checks (secret, ttl, authenticate, origins) is not repeated here. */
export function withDefaults(options: ChatServerOptions): { basePath: string; database: string } {
  const { basePath = '/chat', database = '.latchkit/chat.db', authorize, logger } = options;
  if (typeof basePath !== 'string' || !/^(\/[\w.~-]+)+$/.test(basePath)) {
    throw invalid('basePath', `is ${JSON.stringify(basePath)}; it must look like "/chat", without a slash at its end`);
  }
  if (typeof database !== 'string' || database.trim() === '') {
    throw invalid('database', 'must be a file, ":memory:" or a postgres:// address');
  }
  if (authorize !== undefined && typeof authorize !== 'function') throw invalid('authorize', 'must be a function');
  for (const level of ['error', 'warn', 'info'] as const) {
    if (logger !== undefined && typeof logger[level] !== 'function')
      throw invalid('logger', `needs a method ${level}()`);
  }
  return { basePath, database };
}

/** @throws {ChatError} `bad_request` naming the field */
export function checkThread(thread: ThreadInput): ThreadInput {
  const { id, title, access, members } = thread;
  if (!isId(id)) throw badThread('id', 'must be 1–128 characters without white space');
  if (typeof title !== 'string' || title.length > MAX_NAME_LENGTH) {
    throw badThread('title', `must be a text of at most ${MAX_NAME_LENGTH} characters`);
  }
  if (access !== undefined && access !== 'open' && access !== 'members') {
    throw badThread('access', 'must be "open" or "members"');
  }
  if (members !== undefined && !(Array.isArray(members) && members.every(isId))) {
    throw badThread('members', 'must be an array of people’s ids');
  }
  return { ...thread, title: withoutControls(title) };
}

/** How others see a person. A picture that a browser should not load is left out, and a name is cut rather than refused. */
export function toProfile({ id, name, avatarUrl }: AuthenticatedUser): ChatUser {
  const shown = typeof name === 'string' ? withoutControls(name).trim().slice(0, MAX_NAME_LENGTH) : '';
  return { id, name: shown || id, avatarUrl: isPicture(avatarUrl) ? avatarUrl : null };
}

function isPicture(url: unknown): url is string {
  return (
    typeof url === 'string' && url.length <= MAX_URL_LENGTH && URL.canParse(url) && new URL(url).protocol === 'https:'
  );
}

/** Postgres stores no NUL, and no list wants a line break in a name. */
function withoutControls(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

function invalid(option: string, why: string): ChatError {
  return new ChatError('invalid_options', `${option} ${why}.`);
}

function badThread(field: string, why: string): ChatError {
  return new ChatError('bad_request', `threads.upsert(): ${field} ${why}.`);
}
