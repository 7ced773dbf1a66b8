import type { Kysely } from 'kysely';
import { MAX_MENTION_LABEL, mentionsOf, type ThreadEvent } from '../../protocol/index.ts';
import type { StoredPart } from '../attachments/AttachmentPort.ts';
import type { StoredMessage } from './ChatStorage.ts';
import type { Schema } from './schema.ts';

/** The messages with what the people whom they mention, or tell of, are called now. Nothing is read where there is nobody. */
export async function withNames(db: Kysely<Schema>, messages: StoredMessage[]): Promise<StoredMessage[]> {
  const ids = new Set(
    messages.flatMap(({ parts, event }) => [
      ...mentionsOf(parts).map(({ userId }) => userId),
      ...(event?.people ?? []).map(({ id }) => id),
    ]),
  );
  if (ids.size === 0) return messages;
  const people = await db
    .selectFrom('latchkit_users')
    .select(['id', 'name'])
    .where('id', 'in', [...ids])
    .execute();
  const names = new Map(people.map(({ id, name }) => [id, name.slice(0, MAX_MENTION_LABEL)]));
  return messages.map((message) => ({
    ...message,
    parts: message.parts.map((part) => named(part, names)),
    ...(message.event && { event: namedEvent(message.event, names) }),
  }));
}

function namedEvent(event: ThreadEvent, names: ReadonlyMap<string, string>): ThreadEvent {
  if (!event.people) return event;
  return { ...event, people: event.people.map(({ id }) => ({ id, name: names.get(id) ?? id })) };
}

function named(part: StoredPart, names: ReadonlyMap<string, string>): StoredPart {
  if (part.type !== 'text' || !part.mentions) return part;
  return { ...part, mentions: part.mentions.map((each) => ({ ...each, name: names.get(each.userId) ?? each.userId })) };
}

/** As they are stored. */
export function withoutNames(parts: readonly StoredPart[]): StoredPart[] {
  return parts.map((part) =>
    part.type === 'text' && part.mentions
      ? { ...part, mentions: part.mentions.map(({ userId, label }) => ({ userId, label })) }
      : part,
  );
}

/** Apart from whom they mention: that depends on who may read at the moment when it is sent. */
export function withoutMentions(parts: readonly StoredPart[]): StoredPart[] {
  return parts.map((part) => (part.type === 'text' ? { type: part.type, text: part.text } : part));
}
