import type { Role, ThreadAccess } from '../../protocol/index.ts';
import type { ChatAction } from '../types.ts';

/** What somebody is to a thread: a member by role, a `visitor` of one that is open to them, or a `stranger` to it. */
export type Standing = Role | 'visitor' | 'stranger';

const HELPERS: readonly Standing[] = ['owner', 'agent'];
const WRITERS: readonly Standing[] = ['owner', 'agent', 'member', 'visitor'];
const PINNERS: readonly Standing[] = ['owner', 'agent', 'member'];
const MEMBERS: readonly Standing[] = ['owner', 'agent', 'member', 'readonly'];
const READERS: readonly Standing[] = [...MEMBERS, 'visitor'];
const EVERYBODY: readonly Standing[] = [...READERS, 'stranger'];

/** Who may do what where the app's `authorize()` says nothing: the whole of it. */
const PERMISSIONS: Record<ChatAction, readonly Standing[]> = {
  // About a thread that is not there yet, to which everybody is a stranger.
  'thread.create': EVERYBODY,
  'thread.create-open': [],

  'thread.read': READERS,
  'thread.rename': HELPERS,
  // Who is in it already stays what they are, so that asking twice is harmless.
  'thread.join': READERS,
  'thread.leave': MEMBERS,
  // What a thread is to oneself alone.
  'thread.mute': READERS,
  'thread.archive': READERS,

  'member.list': READERS,
  'member.add': HELPERS,
  'member.change-role': ['owner'],
  'member.remove': ['owner'],

  'receipt.send': READERS,
  'receipt.list': READERS,

  'message.send': WRITERS,
  'typing.send': WRITERS,
  'message.edit': WRITERS,
  // Nobody puts words into another's mouth.
  'message.edit-any': [],
  'message.delete': WRITERS,
  'message.delete-any': HELPERS,
  'message.react': WRITERS,
  // Whoever is in it; not who passes through an open one.
  'message.pin': PINNERS,
  // Who may read it may say that something is wrong with it.
  'message.report': READERS,
  // To see what was reported, and to decide that it stays.
  'report.review': HELPERS,

  // To ask for a person in place of the assistant, and to take that back.
  'handover.request': WRITERS,
  'handover.cancel': WRITERS,
  // An owner is often the very person who asks: it is for those who are there to help.
  'handover.take': ['agent'],
  'handover.return': HELPERS,
  // That it waits. Of threads that one is no agent of, the app decides.
  'inbox.read': ['agent'],

  'preview.remove': WRITERS,
  // What somebody links to is theirs, and so is how it shows.
  'preview.remove-any': [],

  'answer.stop': WRITERS,
  'answer.retry': WRITERS,
  // Who may read it may say what they think of it: to the app, and to nobody in the thread.
  'answer.rate': READERS,
  'tool.decide': WRITERS,
  'part.act': WRITERS,

  'attachment.upload': WRITERS,
};

/** Who may make whom of somebody: no more than they are trusted with themselves. */
const ROLES_TO_GIVE: Record<Standing, readonly Role[]> = {
  owner: ['owner', 'agent', 'member', 'readonly'],
  agent: ['member', 'readonly'],
  member: [],
  readonly: [],
  visitor: [],
  stranger: [],
};

/** Every action there is. */
export const ACTIONS = Object.keys(PERMISSIONS) as readonly ChatAction[];
export const STANDINGS = Object.keys(ROLES_TO_GIVE) as readonly Standing[];

const RANKS: readonly Role[] = ['readonly', 'member', 'agent', 'owner'];

export function standingOf({ access, role }: { access: ThreadAccess; role: Role | null }): Standing {
  return role ?? (access === 'open' ? 'visitor' : 'stranger');
}

/** @param roleToGive for `member.add` and `member.change-role` */
export function permits(standing: Standing, action: ChatAction, roleToGive?: Role): boolean {
  if (roleToGive !== undefined && !ROLES_TO_GIVE[standing].includes(roleToGive)) return false;
  return PERMISSIONS[action].includes(standing);
}

/** Whether `role` is more than `before`; who is no member yet has the least. */
export function isHigher(role: Role, before: Role | null): boolean {
  return RANKS.indexOf(role) > (before === null ? -1 : RANKS.indexOf(before));
}
