import { ChatError, MAX_REASON_LENGTH, MAX_TITLE_LENGTH, type ChatUser, type Role } from '../protocol/index.ts';
import type { Assistant } from './answers/types.ts';
import { withDefaultLimits, type ChatLimits } from './gateway/limits.ts';
import { checkPreviewOptions, type CheckedPreviewOptions } from './previews/options.ts';
import type { ThreadDefinition } from './storage/ChatStorage.ts';
import { withoutControls } from './text.ts';
import { isId } from './token/claims.ts';
import type { AuthenticatedUser, ChatServerOptions, ThreadInput } from './types.ts';

const MAX_NAME_LENGTH = 200;
const MAX_URL_LENGTH = 1_000;
const MAX_PROXIES = 10;
const MAX_DRAIN_DELAY_MS = 600_000;

interface Defaults {
  basePath: string;
  database: string;
  limits: ChatLimits;
  trustProxy: number;
  drainDelayMs: number;
  assistant: Assistant;
  linkPreviews: CheckedPreviewOptions | undefined;
  presence: boolean;
}

/** The options with their defaults. What the token endpoint checks (secret, ttl, authenticate, origins) is not repeated here. */
export function withDefaults(options: ChatServerOptions): Defaults {
  const { basePath = '/chat', database = '.latchkit/chat.db', authorize, logger, trustProxy = 0 } = options;
  if (typeof basePath !== 'string' || !/^(\/[\w.~-]+)+$/.test(basePath)) {
    throw invalid('basePath', `is ${JSON.stringify(basePath)}; it must look like "/chat", without a slash at its end`);
  }
  if (typeof database !== 'string' || database.trim() === '') {
    throw invalid('database', 'must be a file, ":memory:" or a postgres:// address');
  }
  if (authorize !== undefined && typeof authorize !== 'function') throw invalid('authorize', 'must be a function');
  const { searchPeople } = options;
  if (searchPeople !== undefined && typeof searchPeople !== 'function')
    throw invalid('searchPeople', 'must be a function');
  for (const level of ['error', 'warn', 'info'] as const) {
    if (logger !== undefined && typeof logger[level] !== 'function')
      throw invalid('logger', `needs a method ${level}()`);
  }
  if (logger?.debug !== undefined && typeof logger.debug !== 'function') {
    throw invalid('logger', 'has a debug that is no function');
  }
  if (!Number.isInteger(trustProxy) || trustProxy < 0 || trustProxy > MAX_PROXIES) {
    throw invalid(
      'trustProxy',
      `is ${String(trustProxy)}; it must be the number of your own proxies, 0–${MAX_PROXIES}`,
    );
  }
  const { respond, onAction, respondTo, onRating } = options;
  if (respond !== undefined && typeof respond !== 'function') throw invalid('respond', 'must be a function');
  if (respondTo !== undefined && typeof respondTo !== 'function') throw invalid('respondTo', 'must be a function');
  if (onAction !== undefined && typeof onAction !== 'function') throw invalid('onAction', 'must be a function');
  if (onAction && !respond) throw invalid('onAction', 'needs respond: without answers there is nothing to act on');
  const { presence = true } = options;
  if (typeof presence !== 'boolean') throw invalid('presence', 'must be true or false');
  if (onRating !== undefined && typeof onRating !== 'function') throw invalid('onRating', 'must be a function');
  const { onReport } = options;
  if (onReport !== undefined && typeof onReport !== 'function') throw invalid('onReport', 'must be a function');
  const { onHandover } = options;
  if (onHandover !== undefined && typeof onHandover !== 'function') throw invalid('onHandover', 'must be a function');
  const assistant = checkAssistant(options.assistant);
  const { drainDelayMs = 0, linkPreviews: asked = false } = options;
  const linkPreviews = asked === false ? undefined : checkPreviewOptions(asked);
  if (!Number.isInteger(drainDelayMs) || drainDelayMs < 0 || drainDelayMs > MAX_DRAIN_DELAY_MS) {
    throw invalid('drainDelayMs', `is ${String(drainDelayMs)}; it must be milliseconds, 0–${MAX_DRAIN_DELAY_MS}`);
  }
  return {
    basePath,
    database,
    limits: withDefaultLimits(options.limits),
    trustProxy,
    drainDelayMs,
    assistant,
    linkPreviews,
    presence,
  };
}

function checkAssistant(given: Assistant = { id: 'assistant', name: 'Assistant' }): Assistant {
  if (!isId(given.id)) throw invalid('assistant', 'needs an id of 1–128 characters without white space');
  const { isIn } = given;
  if (isIn !== undefined && typeof isIn !== 'function') throw invalid('assistant', 'has an isIn that is no function');
  const { id, name, avatarUrl } = toProfile(given);
  return { id, name, ...(avatarUrl !== null && { avatarUrl }), ...(isIn && { isIn }) };
}

const ROLES: readonly Role[] = ['owner', 'agent', 'member', 'readonly'];

/** @throws {ChatError} `bad_request` naming the field */
export function checkThread({ id, title, access = 'members', members }: ThreadInput): ThreadDefinition {
  checkThreadId('upsert', id);
  if (typeof title !== 'string' || title.length > MAX_TITLE_LENGTH) {
    throw badInput('upsert', 'title', `must be a text of at most ${MAX_TITLE_LENGTH} characters`);
  }
  if (access !== 'open' && access !== 'members') throw badInput('upsert', 'access', 'must be "open" or "members"');
  if (members !== undefined && !Array.isArray(members)) {
    throw badInput('upsert', 'members', 'must be an array of people’s ids, or of { id, role }');
  }
  const people = members?.map((member: unknown) => {
    const { id: memberId, role } = (typeof member === 'string' ? { id: member } : (member ?? {})) as {
      id?: unknown;
      role?: unknown;
    };
    if (!isId(memberId))
      throw badInput('upsert', 'members', 'must name people by 1–128 characters without white space');
    if (role !== undefined && !isRole(role))
      throw badInput('upsert', 'members', `must have a role of ${ROLES.join(', ')}`);
    return { id: memberId, role };
  });
  return { id, title: withoutControls(title), access, members: people };
}

/** @throws {ChatError} `bad_request` */
export function checkThreadId(method: string, threadId: unknown): void {
  if (!isId(threadId)) throw badInput(method, 'id', 'must be 1–128 characters without white space');
}

/** @throws {ChatError} `bad_request` naming the field */
export function checkMember(
  method: string,
  threadId: unknown,
  userId: unknown,
  role: unknown = 'member',
  by?: unknown,
): void {
  checkThreadId(method, threadId);
  if (!isId(userId)) throw badInput(method, 'userId', 'must be 1–128 characters without white space');
  if (by !== undefined && !isId(by)) throw badInput(method, 'by', 'must be 1–128 characters without white space');
  if (!isRole(role)) throw badInput(method, 'role', `must be one of ${ROLES.join(', ')}`);
}

/** @throws {ChatError} `bad_request` naming the field */
export function checkHandover(method: string, threadId: unknown, by: unknown, reason?: unknown): void {
  checkThreadId(method, threadId);
  if (by !== undefined && !isId(by)) throw badInput(method, 'by', 'must be 1–128 characters without white space');
  if (reason !== undefined && (typeof reason !== 'string' || reason.length > MAX_REASON_LENGTH)) {
    throw badInput(method, 'reason', `must be a text of at most ${MAX_REASON_LENGTH} characters`);
  }
}

/**
 * How the people are shown whom the app's search found.
 * @throws {ChatError} `internal` when it gave something else: the server's log says what
 */
export function checkFoundPeople(found: unknown): ChatUser[] {
  const wrong = () => new ChatError('internal', 'searchPeople() must return an array of { id, name?, avatarUrl? }.');
  if (!Array.isArray(found)) throw wrong();
  return found.map((person: Partial<AuthenticatedUser> | null) => {
    const id = person?.id;
    if (!isId(id)) throw wrong();
    return toProfile({ id, name: person?.name, avatarUrl: person?.avatarUrl });
  });
}

function isRole(value: unknown): value is Role {
  return ROLES.some((role) => role === value);
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

function invalid(option: string, why: string): ChatError {
  return new ChatError('invalid_options', `${option} ${why}.`);
}

function badInput(method: string, field: string, why: string): ChatError {
  return new ChatError('bad_request', `threads.${method}(): ${field} ${why}.`);
}
