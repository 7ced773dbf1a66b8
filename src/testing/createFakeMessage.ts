import type { Message } from '../protocol/index.ts';

export interface FakeMessageOptions extends Partial<Omit<Message, 'author'>> {
  /** Its one text part. Default `Hello`. */
  text?: string;
  /** An id, or the person. Default `ada`. */
  author?: string | Message['author'];
}

/** A message as a server would give it, with all that is not said filled in: for tests of what shows one. */
export function createFakeMessage({ text = 'Hello', author = 'ada', ...rest }: FakeMessageOptions = {}): Message {
  const seq = rest.seq ?? 1;
  return {
    id: `message-${seq}`,
    threadId: 'general',
    seq,
    version: seq,
    author: typeof author === 'string' ? { id: author, name: author, avatarUrl: null } : author,
    parts: [{ type: 'text', text }],
    createdAt: Date.UTC(2026, 5, 10, 12),
    editedAt: null,
    deletedAt: null,
    reactions: [],
    ...rest,
  };
}
