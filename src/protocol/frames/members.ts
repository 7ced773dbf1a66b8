import * as v from 'valibot';
import { MAX_QUERY_LENGTH } from '../limits.ts';
import { idSchema, memberSchema, roleSchema, userSchema } from '../message.ts';
import { cursorSchema, nextCursorSchema, requestIdSchema } from './common.ts';

/** Asks for a page of the members, the first to join first. Answered by `member.listed`. */
export const memberListSchema = v.object({
  type: v.literal('member.list'),
  requestId: requestIdSchema,
  threadId: idSchema,
  cursor: v.optional(cursorSchema),
});

/** Adds somebody to a thread, or changes the role of who is in it. Answered by `member.saved`. */
export const memberSaveSchema = v.object({
  type: v.literal('member.save'),
  requestId: requestIdSchema,
  threadId: idSchema,
  userId: idSchema,
  role: roleSchema,
});

/** Takes somebody out of a thread. Answered by `request.done`, also when nobody was there to take out. */
export const memberRemoveSchema = v.object({
  type: v.literal('member.remove'),
  requestId: requestIdSchema,
  threadId: idSchema,
  userId: idSchema,
});

/**
 * Looks for people to add to a conversation, by what begins a word of their name; an empty query asks whom the server suggests. Whom one can
 * find is the app's to say; where it says nothing, those with whom the person is in a thread. Answered by `people.found`.
 */
export const peopleSearchSchema = v.object({
  type: v.literal('people.search'),
  requestId: requestIdSchema,
  query: v.pipe(v.string(), v.maxLength(MAX_QUERY_LENGTH)),
});

/** Answers `member.list`. */
export const memberListedSchema = v.object({
  type: v.literal('member.listed'),
  requestId: requestIdSchema,
  members: v.array(memberSchema),
  nextCursor: nextCursorSchema,
});

/** Answers `member.save`. */
export const memberSavedSchema = v.object({
  type: v.literal('member.saved'),
  requestId: requestIdSchema,
  member: memberSchema,
});

/** Answers `people.search`: at most `MAX_PEOPLE_FOUND`, the best matches first, never the person themself. */
export const peopleFoundSchema = v.object({
  type: v.literal('people.found'),
  requestId: requestIdSchema,
  people: v.array(userSchema),
});

/** Somebody came into a subscribed thread, or has another role. */
export const memberUpdatedSchema = v.object({
  type: v.literal('member.updated'),
  member: memberSchema,
});

/** Somebody is in a subscribed thread no longer. */
export const memberRemovedSchema = v.object({
  type: v.literal('member.removed'),
  threadId: idSchema,
  userId: idSchema,
});
