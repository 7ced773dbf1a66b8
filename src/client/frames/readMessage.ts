import type {
  Attempt,
  ChatUser,
  Handover,
  Member,
  Message,
  Presence,
  Quote,
  Reaction,
  Receipt,
  ReportedMessage,
  Role,
  SearchHit,
  Thread,
  ThreadAccess,
  ThreadEvent,
} from '../../protocol/index.ts';
import { readAnswer, readPart, readPreview } from './readParts.ts';
import { boolean, listOf, number, optional, orNull, readableOf, shape, string, wordOf } from './shape.ts';
import type { Reader } from './shape.ts';

const reaction: Reader<Reaction> = shape({ emoji: string, count: number, userIds: listOf(string) });

const quote: Reader<Quote> = shape({
  id: string,
  rootId: string,
  author: shape({ id: string, name: string }),
  text: string,
  filename: orNull(string),
  deletedAt: orNull(number),
});

const role: Reader<Role> = wordOf<Role>(['owner', 'member', 'agent', 'readonly'], 'readonly');
const access: Reader<ThreadAccess> = wordOf<ThreadAccess>(['open', 'members'], 'members');

const event: Reader<ThreadEvent> = shape({
  type: wordOf<ThreadEvent['type']>(
    [
      'thread.created',
      'thread.renamed',
      'member.added',
      'member.joined',
      'member.left',
      'member.removed',
      'member.role-changed',
      'handover.requested',
      'handover.cancelled',
      'handover.taken',
      'handover.returned',
      'handover.reopened',
    ],
    'unknown',
  ),
  title: optional(string),
  people: optional(listOf(shape({ id: string, name: string }))),
  count: optional(number),
  role: optional(role),
  reason: optional(string),
});

export const readUser: Reader<ChatUser> = shape({ id: string, name: string, avatarUrl: orNull(string) });

const attempt: Reader<Attempt> = shape({ run: number, parts: readableOf(readPart), question: string });

export const readMessage: Reader<Message> = shape({
  id: string,
  threadId: string,
  seq: number,
  version: number,
  author: readUser,
  parts: readableOf(readPart),
  createdAt: number,
  editedAt: orNull(number),
  deletedAt: orNull(number),
  reactions: listOf(reaction),
  replyTo: optional(quote),
  pinned: optional(shape({ userId: string, at: number })),
  previews: optional(listOf(readPreview)),
  replyCount: optional(number),
  answer: optional(readAnswer),
  attempts: optional(listOf(attempt)),
  event: optional(event),
});

export const readHit: Reader<SearchHit> = shape({
  messageId: string,
  threadId: string,
  threadTitle: string,
  seq: number,
  author: readUser,
  createdAt: number,
  snippet: string,
  ranges: listOf(shape({ start: number, end: number })),
});

export const readMember: Reader<Member> = shape({ threadId: string, user: readUser, role, joinedAt: number });

const handover: Reader<Handover> = shape({
  state: wordOf<Handover['state']>(['assistant', 'waiting'], 'person'),
  since: orNull(number),
  askedBy: orNull(readUser),
  agent: orNull(readUser),
  reason: orNull(string),
  version: number,
});

export const readThread: Reader<Thread> = shape({
  id: string,
  title: string,
  access,
  role: orNull(role),
  memberCount: number,
  pair: optional(listOf(string)),
  messageCount: number,
  lastMessage: orNull(readMessage),
  updatedAt: number,
  own: orNull(shape({ readSeq: orNull(number), unreadCount: number, muted: boolean, archived: boolean })),
  handover: optional(handover),
});

export const readPresence: Reader<Presence> = shape({ userId: string, online: boolean, lastSeenAt: orNull(number) });

export const readReported: Reader<ReportedMessage> = shape({
  message: readMessage,
  reports: listOf(
    shape({
      user: readUser,
      reason: wordOf(['spam', 'abuse', 'private'] as const, 'other' as const),
      note: orNull(string),
      at: number,
    }),
  ),
  count: number,
});

export const readReceipt: Reader<Receipt> = shape({ user: readUser, readSeq: number, readAt: number });
