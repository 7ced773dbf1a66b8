import {
  MAX_MENTION_LABEL,
  type ChatUser,
  type Member,
  type Mention,
  type Message,
} from '../../../../protocol/index.ts';

export const MOST_SHOWN = 8;

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** 0: begins with it · 1: a later word does · null: neither. */
function rankOf(name: string, query: string): number | null {
  const words = plain(name);
  if (words.startsWith(query)) return 0;
  return words.split(/[\s\-_.]+/u).some((word) => word.startsWith(query)) ? 1 : null;
}

/** The best matches, each name's beginning before a later word; otherwise in the order given. */
export function matching<T>(items: readonly T[], query: string, namesOf: (item: T) => readonly string[]): T[] {
  const wanted = plain(query);
  return items
    .flatMap((item) => {
      const ranks = namesOf(item).flatMap((name) => rankOf(name, wanted) ?? []);
      return ranks.length > 0 ? [{ item, rank: Math.min(...ranks) }] : [];
    })
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST_SHOWN)
    .map(({ item }) => item);
}

/** Who can be mentioned: the members, and whoever has written here and is none (in an open thread); not oneself. */
export function peopleIn(members: readonly Member[], messages: readonly Message[], me: string | null): ChatUser[] {
  const people = new Map(members.map(({ user }) => [user.id, user]));
  for (const { author } of messages.toReversed()) {
    if (!people.has(author.id)) people.set(author.id, author);
  }
  if (me !== null) people.delete(me);
  return [...people.values()];
}

/** How a text names a person: by the name, with the id where the text means another one by it already. */
export function labelFor({ id, name }: ChatUser, mentions: readonly Mention[]): string {
  const shown =
    (name || id)
      .replace(/[\s@]+/gu, ' ')
      .trim()
      .slice(0, MAX_MENTION_LABEL) || id.slice(0, MAX_MENTION_LABEL);
  const taken = mentions.some((each) => each.label === shown && each.userId !== id);
  return taken ? `${shown.slice(0, MAX_MENTION_LABEL - id.length - 3)} (${id})`.slice(-MAX_MENTION_LABEL) : shown;
}
