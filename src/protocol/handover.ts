import type { Handover, Message } from './message.ts';

/** The assistant answers, as in every thread of which nothing else was said. */
export const ASSISTANT_IN_CHARGE: Handover = {
  state: 'assistant',
  since: null,
  askedBy: null,
  agent: null,
  reason: null,
  version: 0,
};

/**
 * Who is in charge after what a system message tells of: the one rule by which the server changes it and clients follow it, so that whoever has
 * the log has the state. A message that tells of nothing newer changes nothing.
 */
export function handoverAfter(
  before: Handover,
  { event, author, seq, createdAt }: Pick<Message, 'event' | 'author' | 'seq' | 'createdAt'>,
): Handover {
  if (!event || seq <= before.version) return before;
  const since = createdAt;
  const version = seq;
  switch (event.type) {
    case 'handover.requested': {
      // The assistant asks for somebody.
      const [person] = event.people ?? [];
      const askedBy = person ? { ...person, avatarUrl: null } : author;
      return { state: 'waiting', since, askedBy, agent: null, reason: event.reason ?? null, version };
    }
    case 'handover.taken':
      return { ...before, state: 'person', since, agent: author, version };
    case 'handover.reopened':
      return { ...before, state: 'waiting', since, askedBy: before.askedBy ?? before.agent, agent: null, version };
    case 'handover.cancelled':
    case 'handover.returned':
      return { ...ASSISTANT_IN_CHARGE, version };
    default:
      return before;
  }
}
