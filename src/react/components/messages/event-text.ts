import type { Message } from '../../../protocol/index.ts';
import type { ChatStrings } from '../../strings.ts';

/** What a system message says to a reader; null where there is nothing to say. */
export function eventText({ author, event }: Message, readerId: string | null, strings: ChatStrings): string | null {
  if (!event) return null;
  const { type, title = '', people = [], count = people.length, role = 'member' } = event;
  const by = author.id === readerId ? null : author.name || author.id;
  const names = people.map(({ id, name }) => (id === readerId ? strings.youObject : name || id));
  // Of oneself, one is said to be something now, and not to have been made it.
  const isOwn = people.length === 1 && people[0]?.id === author.id;
  const toReader = count === 1 && people[0]?.id === readerId;
  const whom = toReader ? null : strings.reactionNames(names, false, Math.max(0, count - people.length));
  switch (type) {
    case 'thread.created':
      return strings.eventCreated(by);
    case 'thread.renamed':
      return strings.eventRenamed(by, title || strings.threadUntitled);
    case 'member.added':
      return strings.eventAdded(by, whom);
    case 'member.joined':
      return strings.eventJoined(by);
    case 'member.left':
      return strings.eventLeft(by);
    case 'member.removed':
      return strings.eventRemoved(by, whom);
    case 'member.role-changed':
      return isOwn ? strings.eventOwnRole(by, strings.roles[role]) : strings.eventRole(by, whom, strings.roles[role]);
    case 'unknown':
      return null;
  }
}
