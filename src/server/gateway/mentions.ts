import { mentionsIn, mentionsOf, type MessagePartInput } from '../../protocol/index.ts';
import { askApp, readAccess, type Actor } from './access.ts';
import { permits, standingOf } from './permissions.ts';
import type { SessionContext } from './SessionContext.ts';

/**
 * The parts with those of their mentions that hold: the text names the person, whom the server knows, and who may read the thread now.
 * The others are words like any other: that somebody has left a moment ago is no reason to refuse what was written.
 */
export async function resolveMentions(
  { ports, storage }: Pick<SessionContext, 'ports' | 'storage'>,
  threadId: string,
  input: readonly MessagePartInput[],
): Promise<MessagePartInput[]> {
  const parts = input.map(plain);
  const ids = new Set(mentionsOf(parts).map(({ userId }) => userId));
  if (ids.size === 0) return parts;
  const readers = new Set<string>();
  for (const user of await storage.knownUsers([...ids])) {
    if (await mayRead({ ports, storage, user }, threadId)) readers.add(user.id);
  }
  return parts.map((part) => {
    if (part.type !== 'text' || !part.mentions) return part;
    const mentions = part.mentions.filter(({ userId }) => readers.has(userId));
    return mentions.length > 0 ? { ...part, mentions } : { type: part.type, text: part.text };
  });
}

async function mayRead(actor: Actor, threadId: string): Promise<boolean> {
  const access = await readAccess(actor, threadId);
  const verdict = await askApp(actor, { action: 'thread.read', threadId, role: access.role });
  return verdict ?? permits(standingOf(access), 'thread.read');
}

/** Without what the text does not name, and without names: those are the server's to say. */
function plain(part: MessagePartInput): MessagePartInput {
  if (part.type !== 'text' || !part.mentions) return part;
  const mentions = mentionsIn(part.text, part.mentions).map(({ userId, label }) => ({ userId, label }));
  return mentions.length > 0 ? { type: part.type, text: part.text, mentions } : { type: part.type, text: part.text };
}
