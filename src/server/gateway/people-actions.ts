import { ChatError, MAX_PEOPLE_FOUND, type ChatUser } from '../../protocol/index.ts';
import { checkFoundPeople } from '../options.ts';
import type { FrameOf, SessionContext } from './SessionContext.ts';
import type { TokenBucket } from './TokenBucket.ts';

/** Among so many acquaintances somebody is looked for; who shares threads with more people is found by the app's own search. */
const MOST_ACQUAINTANCES = 5_000;

/** Tells of nobody whom the app does not name, and, without its word, of nobody whom the person could not see already. */
export async function searchPeople(
  context: SessionContext,
  { requestId, query }: FrameOf<'people.search'>,
  budget: TokenBucket,
): Promise<void> {
  const retryAfterMs = budget.take(context.ports.clock.now());
  if (retryAfterMs > 0) throw new ChatError('rate_limited', 'Too many searches in a short time.', { retryAfterMs });
  const found = context.ports.searchPeople ? await askApp(context, query) : await acquaintances(context, query);
  const people = found.filter(({ id }) => id !== context.user.id).slice(0, MAX_PEOPLE_FOUND);
  context.send({ type: 'people.found', requestId, people });
}

async function askApp({ user, ports, storage }: SessionContext, query: string): Promise<ChatUser[]> {
  let found: unknown;
  try {
    found = await ports.searchPeople?.({ query, user });
  } catch (cause) {
    throw new ChatError('internal', 'searchPeople() threw.', { cause });
  }
  const people = checkFoundPeople(found).slice(0, MAX_PEOPLE_FOUND + 1);
  // Who was never here has a name as soon as somebody adds them.
  await storage.introduce(people);
  return people;
}

async function acquaintances({ user, storage }: SessionContext, query: string): Promise<ChatUser[]> {
  const wanted = plain(query.trim());
  const people = await storage.acquaintances(user.id, MOST_ACQUAINTANCES);
  return people
    .flatMap((person) => {
      const ranks = [person.name, person.id].flatMap((name) => rankOf(plain(name), wanted) ?? []);
      return ranks.length > 0 ? [{ person, rank: Math.min(...ranks) }] : [];
    })
    .sort((a, b) => a.rank - b.rank || a.person.name.localeCompare(b.person.name))
    .map(({ person }) => person);
}

/** 0: begins with it · 1: a later word does · null: neither. */
function rankOf(name: string, wanted: string): number | null {
  if (name.startsWith(wanted)) return 0;
  return name.split(/[\s\-_.@]+/u).some((word) => word.startsWith(wanted)) ? 1 : null;
}

/** Without accents and capitals, the same on every database. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
