import type { ServerFrame } from '../../protocol/index.ts';
import {
  readHit,
  readMember,
  readPresence,
  readMessage,
  readReceipt,
  readReported,
  readThread,
  readUser,
} from './readMessage.ts';
import { readChunk } from './readParts.ts';
import { attempt, boolean, listOf, number, optional, orNull, shape, string, variant, oneOf } from './shape.ts';
import type { Reader } from './shape.ts';

const requestId = number;
const nextCursor = orNull(string);
const savedMessage = shape({ requestId, message: readMessage });
const changedMessage = shape({ message: readMessage });

const serverFrame: Reader<ServerFrame> = variant<ServerFrame>({
  'auth.accepted': shape({
    protocol: number,
    user: readUser,
    expiresInMs: number,
    serverTime: number,
    uploads: optional(shape({ maxBytes: number, types: listOf(string) })),
    connectionId: optional(string),
  }),
  'auth.renewed': shape({ requestId, expiresInMs: number }),
  'auth.expiring': shape({ expiresInMs: number }),
  'thread.listed': shape({ requestId, threads: listOf(readThread), nextCursor }),
  'thread.saved': shape({ requestId, thread: readThread }),
  'thread.subscribed': shape({
    requestId,
    thread: readThread,
    messages: listOf(readMessage),
    hasOlder: boolean,
    gap: boolean,
    lastSeq: number,
  }),
  'thread.updated': shape({ thread: readThread }),
  'thread.removed': shape({ threadId: string }),
  'member.listed': shape({ requestId, members: listOf(readMember), nextCursor }),
  'member.saved': shape({ requestId, member: readMember }),
  'member.updated': shape({ member: readMember }),
  'member.removed': shape({ threadId: string, userId: string }),
  'history.page': shape({
    requestId,
    threadId: string,
    messages: listOf(readMessage),
    hasOlder: boolean,
    hasNewer: boolean,
  }),
  'reply.listed': shape({
    requestId,
    root: orNull(readMessage),
    messages: listOf(readMessage),
    hasOlder: boolean,
  }),
  'pin.listed': shape({ requestId, messages: listOf(readMessage) }),
  'report.listed': shape({ requestId, reported: listOf(readReported), open: number }),
  'report.updated': shape({ threadId: string, open: number }),
  'inbox.updated': shape({ threadId: string, thread: orNull(readThread) }),
  'receipt.listed': shape({ requestId, receipts: listOf(readReceipt) }),
  'receipt.updated': shape({ threadId: string, receipts: listOf(readReceipt) }),
  'typing.updated': shape({ threadId: string, user: readUser, active: boolean }),
  'presence.listed': shape({ requestId, presences: listOf(readPresence) }),
  'presence.updated': shape({ presence: readPresence }),
  'message.accepted': savedMessage,
  'message.saved': savedMessage,
  'people.found': shape({ requestId: number, people: listOf(readUser) }),
  'message.found': shape({ requestId, hits: listOf(readHit), nextCursor }),
  'message.created': changedMessage,
  'message.updated': changedMessage,
  'answer.streamed': shape({
    threadId: string,
    messageId: string,
    run: number,
    at: number,
    chunks: listOf(readChunk),
  }),
  'answer.resumed': savedMessage,
  'answer.rated': shape({
    requestId,
    rating: shape({ value: orNull(oneOf(['good', 'bad'] as const)), reason: orNull(string) }),
  }),
  'attachment.linked': shape({ requestId, url: string, urlExpiresAt: number }),
  'request.done': shape({ requestId }),
  'request.refused': shape({
    requestId: orNull(requestId),
    error: shape({ code: string, message: string, retryable: boolean, retryAfterMs: optional(number) }),
  }),
  pong: shape({}),
});

/** Null for what this version does not know: a newer server may say more. */
export function readFrame(data: string): ServerFrame | null {
  return attempt((text) => serverFrame(JSON.parse(text as string)), data);
}
