import type { Message } from '../../../protocol/index.ts';
import type { ChatStrings } from '../../strings.ts';

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;

/** Keeps a name that runs the other way from taking what stands beside it along. */
function isolated(name: string, strings: ChatStrings): string {
  const runsTheSameWay = RIGHT_TO_LEFT.test(name) === RIGHT_TO_LEFT.test(strings.you);
  return runsTheSameWay ? name : `\u2068${name}\u2069`;
}

/** What a system message says to a reader; null where there is nothing to say. */
export function eventText({ author, event }: Message, readerId: string | null, strings: ChatStrings): string | null {
  if (!event) return null;
  const { type, title = '', people = [], count = people.length, role = 'member' } = event;
  const nameOf = ({ id, name }: { id: string; name: string }) => isolated(name || id, strings);
  const by = author.id === readerId ? null : nameOf(author);
  const names = people.map((person) => (person.id === readerId ? strings.youObject : nameOf(person)));
  // Of oneself, one is said to be something now, and not to have been made it.
  const isOwn = people.length === 1 && people[0]?.id === author.id;
  const toReader = count === 1 && people[0]?.id === readerId;
  const whom = toReader ? null : strings.reactionNames(names, false, Math.max(0, count - people.length));
  switch (type) {
    case 'thread.created':
      return strings.eventCreated(by);
    case 'thread.renamed':
      return strings.eventRenamed(by, title ? isolated(title, strings) : strings.threadUntitled);
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
    case 'handover.requested':
      return strings.eventHandoverRequested(by, event.reason ?? null);
    case 'handover.cancelled':
      return strings.eventHandoverCancelled(by);
    case 'handover.taken':
      return strings.eventHandoverTaken(by);
    case 'handover.returned':
      return strings.eventHandoverReturned(by);
    case 'handover.reopened':
      return strings.eventHandoverReopened(by);
    case 'unknown':
      return null;
  }
}
