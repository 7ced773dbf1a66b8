import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newDatabase, newFile, POSTGRES, postgres } from '../../../test/support/engines.ts';
import { MAX_REACTION_USERS, MAX_REACTIONS } from '../../protocol/index.ts';
import type { ChatStorage } from './ChatStorage.ts';
import { openStorage } from './openStorage.ts';

const refusal = (code: string) => expect.objectContaining({ code }) as Error;
const text = (value: string) => [{ type: 'text' as const, text: value }];
const isPostgres = (database: string) => database.startsWith('postgres');
const TABLES = ['threads', 'members', 'messages', 'reactions'].map((name) => `latchkit_${name}`);

/** Every row, as text: past the storage, to see what really stays. */
async function dumpTables(database: string): Promise<string> {
  if (isPostgres(database)) {
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    const rows = [];
    for (const table of TABLES) rows.push((await client.query(`select * from ${table}`)).rows);
    await client.end();
    return JSON.stringify(rows);
  }
  const file = new DatabaseSync(database);
  const rows = TABLES.map((table) => file.prepare(`select * from ${table}`).all());
  file.close();
  return JSON.stringify(rows);
}

/** What every engine must do with messages that change. `make` names a fresh, empty database. */
function describeChanges(make: () => Promise<string> | string): void {
  let storage: ChatStorage;
  let database: string;
  let now = 0;

  beforeEach(async () => {
    now = 1_900_000_000_000;
    database = await make();
    storage = await openStorage(database, { now: () => now });
  });
  afterEach(() => storage.close());

  const makeThread = (id: string, access: 'open' | 'members') => storage.upsertThread({ id, title: id, access });
  const send = (id: string, body = id, threadId = 't', authorId = 'ada') =>
    storage.appendMessage({ id, threadId, authorId, parts: text(body) });
  const key = (messageId: string, threadId = 't') => ({ threadId, messageId });
  const reaction = (messageId: string, userId: string, emoji: string) => ({ ...key(messageId), userId, emoji });

  it('an answer is saved as it grows without a place in the log, and with one when it ends', async () => {
    await makeThread('t', 'open');
    const answer = { status: 'streaming' as const, to: 'm', run: 1, at: 0, error: null };
    const made = await storage.appendMessage({ id: 'a', threadId: 't', authorId: 'bot', parts: [], answer });
    expect(made).toMatchObject({ seq: 1, version: 1, answer });
    const grown = { ...answer, at: 3, open: { text: { x: 0 }, reasoning: {}, input: {} } };
    const save = (change: object, takePlace: boolean) =>
      storage.saveAnswer({ ...key('a'), parts: text('so far'), answer: grown, was: 1, ...change }, { takePlace });
    expect(await save({}, false)).toMatchObject({ version: 1, parts: text('so far'), answer: grown });
    expect((await storage.getThread('t'))?.head).toBe(1);
    // Another attempt's changes nothing, nor a place that nobody has.
    expect(await save({ was: 2 }, true)).toBeNull();
    expect(await save({ messageId: 'b' }, true)).toBeNull();

    now += 1_000;
    expect(await storage.staleAnswers(now - 1_000, 9)).toEqual([]);
    expect((await storage.staleAnswers(now, 9)).map(({ id, parts }) => [id, parts])).toEqual([['a', text('so far')]]);
    await save({}, false);
    expect(await storage.staleAnswers(now, 9)).toEqual([]);

    const done = { ...answer, status: 'done' as const, at: 5 };
    expect(await save({ parts: text('all'), answer: done }, true)).toMatchObject({ seq: 1, version: 2, answer: done });
    expect(await storage.getMessage(key('a'))).toMatchObject({ version: 2, parts: text('all'), answer: done });
    // What comes late of it is no checkpoint any more.
    expect(await save({}, false)).toBeNull();
    // Nor is another end, where the first word counts.
    const late = { ...key('a'), parts: text('late'), answer: { ...done, status: 'stopped' as const }, was: 1 };
    expect(await storage.saveAnswer(late, { takePlace: true, growing: true })).toBeNull();
    expect(await storage.staleAnswers(now + 60_000, 9)).toEqual([]);
    const { message } = await storage.deleteMessage(key('a'));
    expect(message).toMatchObject({ parts: [] });
    expect(message.answer).toBeUndefined();
    expect(await save({}, true)).toBeNull();
  });

  it('an answer that is given anew keeps what it said before, until it is deleted', async () => {
    await makeThread('t', 'open');
    const answer = { status: 'streaming' as const, to: 'm', run: 1, at: 0, error: null };
    await storage.appendMessage({ id: 'a', threadId: 't', authorId: 'bot', parts: [], answer, asked: 'why?' });
    expect(await storage.getMessage(key('a'))).toMatchObject({ asked: 'why?' });
    const attempts = [{ run: 1, parts: text('all'), question: 'why?' }];
    const again = { ...answer, run: 2 };
    const history = { asked: 'how?', attempts };
    await storage.saveAnswer({ ...key('a'), parts: [], answer: again, was: 1, history }, { takePlace: true });
    await storage.saveAnswer({ ...key('a'), parts: text('new'), answer: again, was: 2 }, { takePlace: false });
    expect(await storage.getMessage(key('a'))).toMatchObject({ parts: text('new'), asked: 'how?', attempts });
    const rating = { ...key('a'), userId: 'ada' };
    await storage.saveRating(rating, { value: 'good', reason: null });
    await storage.saveRating(rating, { value: 'bad', reason: 'no' });
    expect(await storage.getRating(rating)).toEqual({ value: 'bad', reason: 'no' });
    expect(await storage.getRating({ ...rating, userId: 'bob' })).toEqual({ value: null, reason: null });
    await storage.saveRating(rating, { value: null, reason: null });
    expect(await storage.getRating(rating)).toEqual({ value: null, reason: null });
    const { message } = await storage.deleteMessage(key('a'));
    expect(message).not.toHaveProperty('attempts');
    expect(message).not.toHaveProperty('asked');
  });

  it('S7 an edit takes the log’s next place and leaves the message where it is', async () => {
    await makeThread('t', 'open');
    await send('m1', 'helo');
    const second = await send('m2');
    now += 1_000;
    const { message, partsBefore } = await storage.editMessage({ ...key('m1'), parts: text('hello') });
    expect(message).toMatchObject({ id: 'm1', seq: 1, version: 3, parts: text('hello'), editedAt: now });
    expect(message.createdAt).toBe(now - 1_000);
    expect(partsBefore).toEqual(text('helo'));
    expect(await storage.getMessage(key('m1'))).toEqual(message);
    expect(await send('m3')).toMatchObject({ seq: 4, version: 4 });
    expect((await storage.newestMessages('t', 2)).messages.map((each) => each.id)).toEqual(['m2', 'm3']);
    expect(await storage.messagesBefore('t', 4, 10)).toEqual([message, second]);
    expect(await storage.getThread('t')).toMatchObject({ head: 4, lastMessage: { id: 'm3' } });
    // The list sorts by messages, not by edits.
    expect((await storage.getThread('t'))?.updatedAt).toBe(now);
    now += 1_000;
    await storage.editMessage({ ...key('m3'), parts: text('third') });
    expect((await storage.getThread('t'))?.updatedAt).toBe(now - 1_000);
  });

  it('S7 a deleted message keeps its place and nothing of what it said, in the tables neither', async () => {
    await makeThread('t', 'open');
    await send('m1', 'a secret');
    await storage.addReaction(reaction('m1', 'bob', '👍'));
    now += 1_000;
    const { message, partsBefore } = await storage.deleteMessage(key('m1'));
    expect(message).toMatchObject({ seq: 1, version: 3, parts: [], reactions: [], deletedAt: now, editedAt: null });
    expect(partsBefore).toEqual(text('a secret'));
    expect((await storage.getThread('t'))?.lastMessage).toMatchObject({ id: 'm1', parts: [], deletedAt: now });
    expect((await storage.deleteMessage(key('m1'))).message).toEqual(message);
    await expect(storage.editMessage({ ...key('m1'), parts: text('x') })).rejects.toEqual(refusal('message_not_found'));
    await expect(storage.addReaction(reaction('m1', 'bob', '👍'))).rejects.toEqual(refusal('message_not_found'));
    expect((await storage.removeReaction(reaction('m1', 'bob', '👍'))).message).toEqual(message);
    expect((await storage.getThread('t'))?.head).toBe(3);
    if (database !== ':memory:') expect(await dumpTables(database)).not.toMatch(/a secret|👍/);
  });

  it('S7 what changes nothing takes no place in the log', async () => {
    await makeThread('t', 'open');
    const sent = await send('m1', 'hello');
    expect((await storage.editMessage({ ...key('m1'), parts: text('hello') })).message).toEqual(sent);
    expect((await storage.removeReaction(reaction('m1', 'ada', '👍'))).message).toEqual(sent);
    const { message } = await storage.addReaction(reaction('m1', 'ada', '👍'));
    expect((await storage.addReaction(reaction('m1', 'ada', '👍'))).message).toEqual(message);
    expect(message.version).toBe(2);
    expect((await storage.getThread('t'))?.head).toBe(2);
  });

  it('S2 a message sent again after it was edited or deleted is the one as it is now', async () => {
    await makeThread('t', 'open');
    await send('m1', 'first');
    const { message } = await storage.editMessage({ ...key('m1'), parts: text('second') });
    expect(await send('m1', 'first')).toEqual(message);
    const deleted = await storage.deleteMessage(key('m1'));
    expect(await send('m1', 'first')).toEqual(deleted.message);
    await expect(send('m1', 'first', 't', 'bob')).rejects.toEqual(refusal('message_conflict'));
    expect((await storage.getThread('t'))?.head).toBe(3);
  });

  it('refuses to change a message that is not there, or is another thread’s', async () => {
    await makeThread('t', 'open');
    await makeThread('u', 'open');
    await send('m1', 'x', 'u');
    for (const missing of [key('m1'), key('m2'), key('m1', 'nowhere')]) {
      const changes = [
        storage.editMessage({ ...missing, parts: text('x') }),
        storage.deleteMessage(missing),
        storage.addReaction({ ...missing, userId: 'ada', emoji: '👍' }),
        storage.removeReaction({ ...missing, userId: 'ada', emoji: '👍' }),
      ];
      for (const change of await Promise.allSettled(changes)) {
        expect(change).toMatchObject({ status: 'rejected', reason: { code: 'message_not_found' } });
      }
    }
    expect(await storage.getThread('u')).toMatchObject({ head: 1 });
    expect(await storage.getThread('t')).toMatchObject({ head: 0 });
  });

  it('keeps reactions in the order that they came, counts all and names the first', async () => {
    await makeThread('t', 'open');
    await send('m1');
    await send('m2');
    const total = MAX_REACTION_USERS + 5;
    await storage.addReaction(reaction('m1', 'zoe', '👍'));
    await storage.addReaction(reaction('m1', 'ada', '🎉'));
    for (let n = 1; n < total; n++) await storage.addReaction(reaction('m1', `user-${n}`, '👍'));
    const { messages } = await storage.newestMessages('t', 10);
    const [thumbs, party, ...others] = messages[0]!.reactions;
    expect(thumbs).toMatchObject({ emoji: '👍', count: total });
    expect(thumbs?.userIds).toEqual([
      'zoe',
      ...Array.from({ length: MAX_REACTION_USERS - 1 }, (_, n) => `user-${n + 1}`),
    ]);
    expect(party).toEqual({ emoji: '🎉', count: 1, userIds: ['ada'] });
    expect(others).toEqual([]);
    expect(messages[1]?.reactions).toEqual([]);
    await storage.removeReaction(reaction('m1', 'ada', '🎉'));
    expect((await storage.getMessage(key('m1')))?.reactions.map((each) => each.emoji)).toEqual(['👍']);
  });

  it('a message takes so many different reactions and no more', async () => {
    await makeThread('t', 'open');
    await send('m1');
    for (let n = 0; n < MAX_REACTIONS; n++) await storage.addReaction(reaction('m1', 'ada', `e${n}`));
    await expect(storage.addReaction(reaction('m1', 'ada', 'more'))).rejects.toEqual(refusal('bad_request'));
    await storage.addReaction(reaction('m1', 'bob', 'e0'));
    expect((await storage.getThread('t'))?.head).toBe(MAX_REACTIONS + 2);
  });

  it('C14 what changed after a place is each message once, as it is now, up to the log’s head', async () => {
    await makeThread('t', 'open');
    for (const id of ['m1', 'm2', 'm3']) await send(id);
    await storage.editMessage({ ...key('m1'), parts: text('one') });
    await storage.addReaction(reaction('m3', 'bob', '👍'));
    await storage.editMessage({ ...key('m1'), parts: text('uno') });
    const { messages, upTo } = await storage.changesAfter('t', 2, 10);
    expect(upTo).toBe(6);
    expect(messages).toMatchObject([
      { id: 'm3', seq: 3, version: 5 },
      { id: 'm1', seq: 1, version: 6, parts: text('uno') },
    ]);
    expect(await storage.changesAfter('t', 2, 1)).toMatchObject({ messages: [{ id: 'm3' }], upTo: 5 });
    expect(await storage.newestMessages('t', 1)).toMatchObject({ messages: [{ id: 'm3' }], upTo: 6 });
    expect(await storage.changesAfter('nowhere', 0, 5)).toEqual({ messages: [], upTo: 0 });
  });

  it('50 writers who send, edit, react and delete at once leave a log without a gap and no version twice', async () => {
    await makeThread('t', 'open');
    await Promise.all(Array.from({ length: 10 }, (_, n) => send(`m${n}`)));
    let places = 10;
    await Promise.all(
      Array.from({ length: 50 }, async (_, n) => {
        const messageId = `m${n % 10}`;
        const writer = `writer-${n}`;
        await send(writer);
        const edited = await storage.editMessage({ ...key(writer), parts: text(`edited by ${n}`) });
        expect(edited.message.parts).toEqual(text(`edited by ${n}`));
        await storage.addReaction(reaction(messageId, writer, '👍'));
        await storage.editMessage({ ...key(messageId), parts: text(`by ${n}`) });
        await storage.removeReaction(reaction(messageId, writer, '👍'));
        await storage.deleteMessage(key(writer));
        places += 6;
      }),
    );
    const { messages, upTo } = await storage.changesAfter('t', 0, 1_000);
    expect(upTo).toBe(places);
    expect((await storage.getThread('t'))?.head).toBe(places);
    const versions = messages.map((message) => message.version);
    expect(new Set(versions).size).toBe(60);
    expect(versions.at(-1)).toBe(places);
    expect(new Set(messages.map((message) => message.seq)).size).toBe(60);
    expect(messages.filter((message) => message.deletedAt !== null)).toHaveLength(50);
    expect(messages.flatMap((message) => message.reactions)).toEqual([]);
  });

  it('every change gets a place of its own: the answers of 40 changes at once are 1 … 40', async () => {
    await makeThread('t', 'open');
    const sent = await Promise.all(Array.from({ length: 10 }, (_, n) => send(`m${n}`)));
    const edited = await Promise.all(
      Array.from({ length: 30 }, (_, n) => storage.editMessage({ ...key(`m${n % 10}`), parts: text(`by ${n}`) })),
    );
    const places = [...sent, ...edited.map((change) => change.message)].map((message) => message.version);
    expect(places.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
  });

  it('two edits of one message at once: both take a place, and the later one stands', async () => {
    await makeThread('t', 'open');
    await send('m1');
    const edits = await Promise.all(['a', 'b'].map((body) => storage.editMessage({ ...key('m1'), parts: text(body) })));
    const [first, second] = edits.map((each) => each.message).sort((a, b) => a.version - b.version);
    expect([first?.version, second?.version]).toEqual([2, 3]);
    expect(await storage.getMessage(key('m1'))).toEqual(second);
  });
}

describe('SQLite in memory', () => describeChanges(() => ':memory:'));
describe('SQLite in a file', () => describeChanges(newFile));
describe.skipIf(!postgres)(POSTGRES, () => describeChanges(newDatabase));
