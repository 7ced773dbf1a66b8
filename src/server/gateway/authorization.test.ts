import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/chat-server.ts';
import type { TestSocket } from '../../../test/support/socket.ts';
import { ChatError, REQUEST_ANSWERS, type Role, type ServerFrame } from '../../protocol/index.ts';
import type { ChatStorage } from '../storage/ChatStorage.ts';
import { openStorage } from '../storage/openStorage.ts';
import type { AuthorizeContext, ChatAction } from '../types.ts';
import { requireAccess } from './access.ts';
import { ACTIONS, STANDINGS, type Standing } from './permissions.ts';

/** Who may do what where the app says nothing. Written out, so that a change of the rules is a change of this table. */
const EXPECTED = `
                     owner  agent  member  readonly  visitor  stranger
  thread.read          yes    yes     yes       yes      yes        no
  thread.create        yes    yes     yes       yes      yes       yes
  thread.create-open    no     no      no        no       no        no
  thread.rename        yes    yes      no        no       no        no
  thread.join          yes    yes     yes       yes      yes        no
  thread.leave         yes    yes     yes       yes       no        no
  thread.mute          yes    yes     yes       yes      yes        no
  thread.archive       yes    yes     yes       yes      yes        no
  member.list          yes    yes     yes       yes      yes        no
  member.add           yes    yes      no        no       no        no
  member.change-role   yes     no      no        no       no        no
  member.remove        yes     no      no        no       no        no
  receipt.send         yes    yes     yes       yes      yes        no
  receipt.list         yes    yes     yes       yes      yes        no
  message.send         yes    yes     yes        no      yes        no
  typing.send          yes    yes     yes        no      yes        no
  message.edit         yes    yes     yes        no      yes        no
  message.edit-any      no     no      no        no       no        no
  message.delete       yes    yes     yes        no      yes        no
  message.delete-any   yes    yes      no        no       no        no
  message.react        yes    yes     yes        no      yes        no
  message.pin          yes    yes     yes        no       no        no
  message.report       yes    yes     yes       yes      yes        no
  report.review        yes    yes      no        no       no        no
  preview.remove       yes    yes     yes        no      yes        no
  preview.remove-any    no     no      no        no       no        no
  handover.request     yes    yes     yes        no      yes        no
  handover.cancel      yes    yes     yes        no      yes        no
  handover.take         no    yes      no        no       no        no
  handover.return      yes    yes      no        no       no        no
  inbox.read            no    yes      no        no       no        no
  answer.stop          yes    yes     yes        no      yes        no
  answer.retry         yes    yes     yes        no      yes        no
  answer.rate          yes    yes     yes       yes      yes        no
  tool.decide          yes    yes     yes        no      yes        no
  part.act             yes    yes     yes        no      yes        no
  attachment.upload    yes    yes     yes        no      yes        no
`;

/** Who may add somebody new, as what. */
const EXPECTED_ROLES = `
                     owner  agent  member  readonly  visitor  stranger
  owner                yes     no      no        no       no        no
  agent                yes     no      no        no       no        no
  member               yes    yes      no        no       no        no
  readonly             yes    yes      no        no       no        no
`;

function readTable(table: string): Map<string, Map<string, boolean>> {
  const [head = [], ...rows] = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return new Map(
    rows.map(([name = '', ...cells]) => [name, new Map(head.map((column, index) => [column, cells[index] === 'yes']))]),
  );
}

const folder = mkdtempSync(join(tmpdir(), 'latchkit-authorization-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Verdict = boolean | undefined | ((context: AuthorizeContext) => boolean | undefined);
interface World {
  server: TestServer;
  storage: ChatStorage;
  /** Who is tried, and an owner beside them. */
  actor: TestSocket;
  boss: TestSocket;
  verdict: Verdict;
  asked: AuthorizeContext[];
  stop: () => Promise<void>;
}

let worlds = 0;
async function makeWorld(): Promise<World> {
  const database = join(folder, `${worlds++}.db`);
  const many = 1_000_000;
  const world: Partial<World> & Pick<World, 'asked'> = { verdict: undefined, asked: [] };
  const server = await startTestServer({
    database,
    authorize: (context) => {
      if (context.user.id !== 'actor') return undefined;
      world.asked.push(context);
      return typeof world.verdict === 'function' ? world.verdict(context) : world.verdict;
    },
    respond: () => new ReadableStream(),
    respondTo: () => false,
    onAction: () => {},
    limits: { frameBurst: many, framesPerSecond: many, userFrameBurst: many, userFramesPerSecond: many },
  });
  const storage = await openStorage(database);
  return Object.assign(world, {
    server,
    storage,
    actor: await server.connect('actor'),
    boss: await server.connect('boss'),
    async stop() {
      await server.stop();
      await storage.close();
    },
  }) as World;
}

let threads = 0;
/** A thread in which the actor is what is asked for, with a message of theirs and one of its owner. */
async function makeThread({ storage }: World, standing: Standing): Promise<string> {
  const id = `t${threads++}`;
  const access = standing === 'visitor' ? 'open' : 'members';
  const others = [
    { id: 'boss', role: 'owner' as const },
    { id: 'other', role: 'member' as const },
  ];
  const isMember = standing !== 'visitor' && standing !== 'stranger';
  const members = isMember ? [...others, { id: 'actor', role: standing }] : others;
  await storage.upsertThread({ id, title: 'Title', access, members });
  for (const authorId of ['actor', 'boss']) {
    const parts = [{ type: 'text' as const, text: 'hello' }];
    await storage.appendMessage({ id: `${id}-${authorId}`, threadId: id, authorId, parts });
  }
  await storage.appendMessage({
    id: `${id}-answer`,
    threadId: id,
    authorId: 'assistant',
    parts: [
      { type: 'tool-pay', toolCallId: 'c', state: 'approval-requested', approval: { id: 'a' } },
      { type: 'data-form', id: 'f', data: null },
    ],
    answer: { status: 'done', to: `${id}-boss`, run: 1, at: 3, error: null },
  });
  return id;
}

type Frame = { type: keyof typeof REQUEST_ANSWERS; [field: string]: unknown };
const text = (value: string) => [{ type: 'text', text: value }];

/** The frames by which an action is done, each on its own thread. */
const FRAMES: Record<ChatAction, (threadId: string) => Frame[]> = {
  'thread.read': (threadId) => [
    { type: 'thread.subscribe', threadId },
    { type: 'history.fetch', threadId, beforeSeq: 9, limit: 9 },
    { type: 'message.search', threadId, query: 'hello' },
    { type: 'history.fetch', threadId, afterSeq: 0, limit: 9 },
    { type: 'history.fetch', threadId, aroundMessageId: `${threadId}-boss`, limit: 9 },
    { type: 'thread.fetch', threadId },
  ],
  'thread.create': (threadId) => [
    { type: 'thread.create', threadId: `${threadId}-new`, title: 'New', access: 'members', memberIds: ['other'] },
  ],
  'thread.create-open': (threadId) => [
    { type: 'thread.create', threadId: `${threadId}-new`, title: 'New', access: 'open', memberIds: [] },
  ],
  'thread.rename': (threadId) => [{ type: 'thread.rename', threadId, title: 'Renamed' }],
  'thread.join': (threadId) => [{ type: 'thread.join', threadId }],
  'thread.leave': (threadId) => [{ type: 'thread.leave', threadId }],
  'thread.mute': (threadId) => [
    { type: 'thread.mute', threadId },
    { type: 'thread.unmute', threadId },
  ],
  'thread.archive': (threadId) => [
    { type: 'thread.archive', threadId },
    { type: 'thread.unarchive', threadId },
  ],
  'member.list': (threadId) => [{ type: 'member.list', threadId }],
  'member.add': (threadId) => [{ type: 'member.save', threadId, userId: 'new', role: 'member' }],
  'member.change-role': (threadId) => [{ type: 'member.save', threadId, userId: 'other', role: 'readonly' }],
  'member.remove': (threadId) => [{ type: 'member.remove', threadId, userId: 'other' }],
  'receipt.send': (threadId) => [{ type: 'receipt.send', threadId, readSeq: 1 }],
  'receipt.list': (threadId) => [{ type: 'receipt.list', threadId }],
  'message.send': (threadId) => [{ type: 'message.send', threadId, messageId: `${threadId}-sent`, parts: text('new') }],
  'message.edit': (threadId) => [
    { type: 'message.edit', threadId, messageId: `${threadId}-actor`, parts: text('changed') },
  ],
  'message.edit-any': (threadId) => [
    { type: 'message.edit', threadId, messageId: `${threadId}-boss`, parts: text('changed') },
  ],
  'message.delete': (threadId) => [{ type: 'message.delete', threadId, messageId: `${threadId}-actor` }],
  'message.delete-any': (threadId) => [{ type: 'message.delete', threadId, messageId: `${threadId}-boss` }],
  'message.react': (threadId) => [
    { type: 'reaction.add', threadId, messageId: `${threadId}-boss`, emoji: '👍' },
    { type: 'reaction.remove', threadId, messageId: `${threadId}-boss`, emoji: '👍' },
  ],
  'message.pin': (threadId) => [
    { type: 'message.pin', threadId, messageId: `${threadId}-boss` },
    { type: 'message.unpin', threadId, messageId: `${threadId}-boss` },
  ],
  'message.report': (threadId) => [
    { type: 'message.report', threadId, messageId: `${threadId}-boss`, reason: 'other', note: 'why' },
  ],
  'report.review': (threadId) => [
    { type: 'report.list', threadId },
    { type: 'report.dismiss', threadId, messageId: `${threadId}-boss` },
  ],
  'handover.request': (threadId) => [{ type: 'handover.request', threadId, reason: 'why' }],
  'handover.cancel': (threadId) => [{ type: 'handover.cancel', threadId }],
  'handover.take': (threadId) => [{ type: 'handover.take', threadId }],
  'handover.return': (threadId) => [{ type: 'handover.return', threadId }],
  // Refused to nobody but by the app: what one sees is asked below.
  'inbox.read': () => [],
  // Not answered, so it asks below.
  'typing.send': () => [],
  'preview.remove': (threadId) => [
    { type: 'preview.remove', threadId, messageId: `${threadId}-actor`, url: 'https://docs.example/' },
  ],
  'preview.remove-any': (threadId) => [
    { type: 'preview.remove', threadId, messageId: `${threadId}-boss`, url: 'https://docs.example/' },
  ],
  'answer.stop': (threadId) => [{ type: 'answer.stop', threadId, messageId: `${threadId}-answer` }],
  'answer.retry': (threadId) => [{ type: 'answer.retry', threadId, messageId: `${threadId}-answer` }],
  'answer.rate': (threadId) => [
    {
      type: 'answer.rate',
      threadId,
      messageId: `${threadId}-answer`,
      rating: { value: 'good', reason: null },
    },
  ],
  'tool.decide': (threadId) => [
    { type: 'tool.decide', threadId, messageId: `${threadId}-answer`, approvalId: 'a', approved: false },
  ],
  'part.act': (threadId) => [
    { type: 'part.act', threadId, messageId: `${threadId}-answer`, partId: 'f', actionId: 'x', data: null },
  ],
  // Done by HTTP, which asks the same function.
  'attachment.upload': () => [],
};

async function ask(socket: TestSocket, frame: Frame): Promise<ServerFrame | string> {
  try {
    return await socket.request(frame, REQUEST_ANSWERS[frame.type]);
  } catch (error) {
    const refusal = JSON.parse(/\{.*\}/.exec(String(error))?.[0] ?? 'null') as { error?: { code: string } } | null;
    if (refusal?.error === undefined) throw error;
    return refusal.error.code;
  }
}

/** What came of it: `yes`, or the code that each way of doing it was refused with. */
async function attempt(world: World, action: ChatAction, standing: Standing): Promise<string> {
  const outcomes = new Set<string>();
  const frames = FRAMES[action];
  for (const index of frames('').keys()) {
    const threadId = await makeThread(world, standing);
    const before = await snapshot(world, threadId);
    const answer = await ask(world.actor, frames(threadId)[index]!);
    outcomes.add(typeof answer === 'string' ? answer : 'yes');
    if (typeof answer === 'string') expect(await snapshot(world, threadId)).toEqual(before);
  }
  if (action === 'attachment.upload' || action === 'typing.send') {
    const threadId = await makeThread(world, standing);
    const user = { id: 'actor', name: 'actor', avatarUrl: null };
    const authorize = (context: AuthorizeContext) =>
      typeof world.verdict === 'function' ? world.verdict(context) : world.verdict;
    const asked = requireAccess({ user, storage: world.storage, ports: { authorize } }, action, threadId);
    outcomes.add(
      await asked.then(
        () => 'yes',
        (error: unknown) => (ChatError.is(error) ? error.code : String(error)),
      ),
    );
  }
  if (action === 'inbox.read') {
    const threadId = await makeThread(world, standing);
    await world.storage.changeHandover({ type: 'request', threadId, by: 'boss', reason: null });
    const answer = await ask(world.actor, { type: 'inbox.list', of: 'waiting' });
    const isSeen =
      typeof answer !== 'string' && 'threads' in answer && answer.threads.some(({ id }) => id === threadId);
    outcomes.add(isSeen ? 'yes' : standing === 'stranger' ? 'thread_forbidden' : 'action_forbidden');
    await world.storage.removeThread(threadId);
  }
  expect(outcomes.size).toBe(1);
  return [...outcomes][0]!;
}

async function snapshot({ storage }: World, threadId: string) {
  return [
    await storage.getThread(threadId),
    await storage.getThread(`${threadId}-new`),
    await storage.changesAfter(threadId, 0, 100),
    await storage.listMembers(threadId, { limit: 100 }),
    await storage.listReceipts(threadId, 100),
  ];
}

describe('G9 the roles', () => {
  const table = readTable(EXPECTED);
  const roles = readTable(EXPECTED_ROLES);
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });
  afterAll(() => world.stop());

  it('the table names every action and every standing', () => {
    expect([...table.keys()].sort()).toEqual([...ACTIONS].sort());
    expect(Object.keys(FRAMES).sort()).toEqual([...ACTIONS].sort());
    expect([...roles.keys()].sort()).toEqual(
      STANDINGS.filter((each) => each !== 'visitor' && each !== 'stranger').sort(),
    );
    for (const row of [...table.values(), ...roles.values()]) {
      expect([...row.keys()].sort()).toEqual([...STANDINGS].sort());
    }
  });

  it('the documentation says the same', () => {
    const docs = readFileSync(new URL('../../../docs/authorization.md', import.meta.url), 'utf8');
    const [, body = ''] = /(\| Action +\|[^]*?)\n\n/.exec(docs) ?? [];
    const [head = '', , ...lines] = body.split('\n').map((line) => line.replaceAll(/[|`]/g, ' '));
    expect(readTable([head.replace('Action', ''), ...lines].join('\n'))).toEqual(table);
  });

  const cells = ACTIONS.flatMap((action) => STANDINGS.map((standing) => ({ action, standing })));
  it.each(cells)('$standing: $action', async ({ action, standing }) => {
    const isCreation = action === 'thread.create' || action === 'thread.create-open';
    const refusal = standing === 'stranger' && !isCreation ? 'thread_forbidden' : 'action_forbidden';
    const expected = table.get(action)?.get(standing);
    expect(expected).toBeDefined();
    expect(await attempt(world, action, standing)).toBe(expected ? 'yes' : refusal);
  });

  it('a list holds what one may read and nothing else', async () => {
    const own = new Map<string, Standing>();
    for (const standing of STANDINGS) own.set(await makeThread(world, standing), standing);
    const { threads: listed } = await world.actor.request({ type: 'thread.list' }, 'thread.listed');
    const seen = new Map(listed.map((thread) => [thread.id, thread.role]));
    for (const [id, standing] of own) {
      expect(seen.has(id)).toBe(table.get('thread.read')?.get(standing));
      if (seen.has(id)) expect(seen.get(id)).toBe(standing === 'visitor' ? null : standing);
    }
  });

  const gifts = [...roles].flatMap(([role, row]) => [...row].map(([giver, may]) => ({ giver, role, may })));
  it.each(gifts)('$giver adds somebody as $role: $may', async ({ giver, role, may }) => {
    const threadId = await makeThread(world, giver as Standing);
    const answer = await ask(world.actor, { type: 'member.save', threadId, userId: 'new', role });
    if (may) expect(answer).toMatchObject({ type: 'member.saved', member: { user: { id: 'new' }, role } });
    else expect(answer).toBe(giver === 'stranger' ? 'thread_forbidden' : 'action_forbidden');
    const saved = await world.storage.getMember({ threadId, userId: 'new' });
    expect(saved?.role).toBe(may ? role : undefined);
  });

  it('who may not read cannot tell whether a message is there', async () => {
    const threadId = await makeThread(world, 'stranger');
    for (const messageId of [`${threadId}-boss`, 'nothing']) {
      for (const type of ['message.delete', 'reaction.add'] as const) {
        expect(await ask(world.actor, { type, threadId, messageId, emoji: '👍' })).toBe('thread_forbidden');
      }
    }
    const open = await makeThread(world, 'visitor');
    const missing = { threadId: open, messageId: `${threadId}-boss` };
    expect(await ask(world.actor, { type: 'message.delete', ...missing })).toBe('message_not_found');
    expect(await ask(world.actor, { type: 'message.edit', ...missing, parts: text('x') })).toBe('message_not_found');
    expect(await ask(world.actor, { type: 'thread.rename', threadId: 'nowhere', title: '' })).toBe('thread_not_found');
  });
});

describe('G9 what nobody may', () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });
  afterAll(() => world.stop());
  const save = (threadId: string, userId: string, role: Role) =>
    ask(world.actor, { type: 'member.save', threadId, userId, role });

  it.each([
    ['agent', 'owner'],
    ['member', 'agent'],
    ['member', 'owner'],
    ['readonly', 'member'],
    ['visitor', 'readonly'],
    ['stranger', 'readonly'],
  ] as const)('%s does not make themselves %s, whatever the app allows', async (standing, role) => {
    const threadId = await makeThread(world, standing);
    expect(await save(threadId, 'actor', role)).toMatch(/_forbidden$/);
    world.verdict = true;
    expect(await save(threadId, 'actor', role)).toBe('action_forbidden');
    world.verdict = undefined;
    expect((await world.storage.getAccess(threadId, 'actor'))?.role ?? standing).toBe(standing);
  });

  it('an owner may become less, the last one not, nor go, nor be taken out, whatever the app allows', async () => {
    const threadId = await makeThread(world, 'owner');
    await world.storage.removeMember({ threadId, userId: 'boss' }, { keepOwner: true });
    for (const verdict of [undefined, true]) {
      world.verdict = verdict;
      expect(await save(threadId, 'actor', 'member')).toBe('last_owner');
      expect(await ask(world.actor, { type: 'thread.leave', threadId })).toBe('last_owner');
      expect(await ask(world.actor, { type: 'member.remove', threadId, userId: 'actor' })).toBe('last_owner');
    }
    world.verdict = undefined;
    expect(await save(threadId, 'other', 'owner')).toMatchObject({ member: { role: 'owner' } });
    expect(await save(threadId, 'actor', 'member')).toMatchObject({ member: { role: 'member' } });
    expect(await save(threadId, 'actor', 'owner')).toBe('action_forbidden');
  });

  it('who is the last of all may leave', async () => {
    const threadId = await makeThread(world, 'owner');
    for (const userId of ['boss', 'other']) {
      expect(await ask(world.actor, { type: 'member.remove', threadId, userId })).toMatchObject({
        type: 'request.done',
      });
    }
    expect(await ask(world.actor, { type: 'thread.leave', threadId })).toMatchObject({ type: 'request.done' });
  });

  it('joining does not change what somebody is already', async () => {
    for (const standing of ['owner', 'readonly'] as const) {
      const threadId = await makeThread(world, standing);
      expect(await ask(world.actor, { type: 'thread.join', threadId })).toMatchObject({ thread: { role: standing } });
    }
  });
});

describe('G9 the app’s authorize()', () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });
  afterAll(() => world.stop());
  const extremes = (['owner', 'readonly', 'visitor', 'stranger'] as const).flatMap((standing) =>
    ACTIONS.map((action) => ({ action, standing })),
  );

  it.each(extremes)('true allows, false refuses: $standing, $action', async ({ action, standing }) => {
    // Who made a thread is in it; what is about the thread itself is asked in the terms of that action alone.
    world.verdict = (context) => (context.action === action ? true : undefined);
    const allowed = await attempt(world, action, standing);
    expect(allowed).toBe('yes');
    world.verdict = (context) => (context.action === action ? false : undefined);
    expect(await attempt(world, action, standing)).toMatch(/^(thread|action)_forbidden$/);
    world.verdict = undefined;
  });

  it('hears who asks, as what, and about which message or member', async () => {
    const threadId = await makeThread(world, 'agent');
    const heard = async (frame: Frame) => {
      world.asked = [];
      return ask(world.actor, frame);
    };
    await heard({ type: 'message.delete', threadId, messageId: `${threadId}-boss` });
    const { asked } = world;
    expect(asked).toEqual([
      {
        user: { id: 'actor', name: 'Name of actor', avatarUrl: null },
        action: 'message.delete-any',
        threadId,
        role: 'agent',
        message: { id: `${threadId}-boss`, authorId: 'boss', createdAt: expect.any(Number) as number },
      },
    ]);
    await heard({ type: 'member.save', threadId, userId: 'other', role: 'owner' });
    expect(world.asked).toMatchObject([{ action: 'member.change-role', member: { userId: 'other', role: 'owner' } }]);
    await heard({ type: 'member.remove', threadId, userId: 'other' });
    expect(world.asked).toMatchObject([{ action: 'member.remove', member: { userId: 'other' } }]);
    await heard({ type: 'thread.create', threadId: 'made', title: '', access: 'members', memberIds: ['other'] });
    expect(world.asked).toMatchObject([
      { action: 'thread.create', role: null },
      { action: 'member.add', role: 'owner', member: { userId: 'other', role: 'member' } },
      { action: 'thread.read', role: 'owner' },
    ]);
  });

  it('whom one may not add one by one, one cannot add by making a thread', async () => {
    world.verdict = ({ action, member }) => (action === 'member.add' && member?.userId === 'vip' ? false : undefined);
    const create = (threadId: string, memberIds: string[]) =>
      ask(world.actor, { type: 'thread.create', threadId, title: '', access: 'members', memberIds });
    expect(await create('with-vip', ['other', 'vip'])).toBe('action_forbidden');
    expect(await create('without', ['other'])).toMatchObject({ type: 'thread.saved' });
    expect(await world.storage.getThread('with-vip')).toBeNull();
    world.verdict = undefined;
  });
});
