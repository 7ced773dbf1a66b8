import { textOf, type Message } from '../../src/protocol/index.ts';
import type { Row } from './types.ts';

/** What all copies of a message must agree on. */
export function toRow(message: Message): Row {
  return {
    id: message.id,
    seq: message.seq,
    version: message.version,
    author: message.author.id,
    text: textOf(message.parts),
    deleted: message.deletedAt !== null,
    reactions: message.reactions
      .map(({ emoji, count, userIds }) => `${emoji} ${count} ${[...userIds].sort().join(' ')}`)
      .sort()
      .join(', '),
  };
}
